import type { Dataset } from "@ddpm/core";
import { describe, expect, it } from "vitest";
import { checkerboard, gaussians, imageStream, moons, resized, spiral } from "../src/index.ts";

const sets = { spiral, moons, checkerboard, gaussians };
const points = async (set: Dataset): Promise<[number, number, number][]> =>
  Promise.all(
    Array.from({ length: set.length }, async (_, i) => {
      const { values, label } = await set.image(i);
      return [values![0]!, values![1]!, label!];
    }),
  );

describe.each(Object.entries(sets))("%s", (_, plugin) => {
  it("is a function of seed and number, of shape [1, 1, 2], about within [−1, 1]", async () => {
    const [a, b] = [plugin({ count: 400, seed: 3 }), plugin({ count: 400, seed: 3 })];
    expect(await b.image(17)).toEqual(await a.image(17));
    expect((await plugin({ count: 400, seed: 4 }).image(17)).values).not.toEqual((await a.image(17)).values);
    expect(a.shape).toEqual([1, 1, 2]);
    const all = await points(a);
    expect(all.map(([, , label]) => label)).toEqual(Array.from(a.labels!));
    expect(Math.max(...all.flatMap(([x, y]) => [Math.abs(x), Math.abs(y)]))).toBeLessThan(1.1);
    expect(() => a.image(400)).toThrow(/point 400, expected a whole number from 0 to 399/);
  });

  it("reaches a stream as floats, unrounded, and is no picture", async () => {
    const set = plugin({ count: 8 });
    const exact = await points(set);
    const read = await imageStream(set, { seed: 0, shuffle: false }).read(0, 8);
    expect([...read.data]).toEqual(exact.flatMap((point) => point.slice(0, 2)));
    const unit = await imageStream(set, { seed: 0, shuffle: false, range: "unit" }).read(0, 8);
    expect([...unit.data]).toEqual([...read.data].map((value) => Math.fround((value + 1) / 2)));
    expect(() => resized(set, 2, 2).image(0)).toThrow(/no pixels/);
  });
});

describe("without noise, points are where the formulas place them", () => {
  it("on the half circles", async () => {
    for (const [x, y, label] of await points(moons({ count: 200, noise: 0 }))) {
      const [u, v] = [x / 0.6 + 0.5, y / 0.6 + 0.25];
      expect(label === 0 ? Math.hypot(u, v) : Math.hypot(1 - u, 0.5 - v)).toBeCloseTo(1, 5);
    }
  });
  it("on the arms", async () => {
    for (const [x, y, label] of await points(spiral({ count: 200, noise: 0 }))) {
      const r = Math.hypot(x, y);
      const angle = (3 * Math.PI * r) / 0.9 + Math.PI * label;
      expect(r * Math.cos(angle)).toBeCloseTo(x, 4);
    }
  });
  it("on dark squares, all eight", async () => {
    const squares = (await points(checkerboard({ count: 400 }))).map(([x, y, label]) => {
      const [column, row] = [Math.floor((x + 1) * 2), Math.floor((y + 1) * 2)];
      expect([column, (column + row) % 2]).toEqual([label, 0]);
      return column * 4 + row;
    });
    expect(new Set(squares).size).toBe(8);
  });
  it("at eight centres, with the noise asked for", async () => {
    const off = (await points(gaussians({ count: 8000, noise: 0.05 }))).flatMap(([x, y, k]) => [
      x - 0.75 * Math.cos((Math.PI * k) / 4),
      y - 0.75 * Math.sin((Math.PI * k) / 4),
    ]);
    const variance = off.reduce((sum, value) => sum + value * value, 0) / off.length;
    expect(Math.abs(variance / 0.0025 - 1)).toBeLessThan(0.05);
  });
});
