import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPixels } from "../src/index.ts";

const bytes = (values: number[], normalize?: "min-max") => {
  const images = { data: new Float32Array(values), shape: [1, 1, values.length, 1] as const };
  return [...toPixels(images, normalize ? { normalize } : {})[0]!.data];
};

describe("toPixels", () => {
  test("clamps instead of wrapping around", () => {
    expect(bytes([-1, 1, 1.01, -1.01, 3, -40])).toEqual([0, 255, 255, 0, 255, 0]);
  });

  test("rounds to the nearest byte", () => {
    expect(bytes([0, -1 + 2 / 255, -1 + 2.98 / 255, -1 + 3.02 / 255])).toEqual([128, 1, 1, 2]);
  });

  test("every byte survives the way to [-1, 1] and back", () => {
    const all = Array.from({ length: 256 }, (_, i) => i);
    expect(bytes(all.map((byte) => byte / 127.5 - 1))).toEqual(all);
  });

  test("is monotone and within half a step of the exact value", () => {
    fc.assert(
      fc.property(
        fc.float({ min: -1, max: 1, noNaN: true }),
        fc.float({ min: -1, max: 1, noNaN: true }),
        (a, b) => {
          const [x, y] = bytes([Math.min(a, b), Math.max(a, b)]);
          expect(x).toBeLessThanOrEqual(y!);
          expect(Math.abs(x! - (Math.min(a, b) + 1) * 127.5)).toBeLessThanOrEqual(0.5);
        },
      ),
    );
  });

  test("keeps rows, columns and channels where they are: an RGB checker", () => {
    const [r, g, b] = [
      [1, -1, -1],
      [-1, 1, -1],
      [-1, -1, 1],
    ];
    const data = new Float32Array([...r!, ...g!, ...b!, ...b!, ...r!, ...g!]);
    const [pixels] = toPixels({ data, shape: [1, 2, 3, 3] });
    expect(pixels).toMatchObject({ width: 3, height: 2, channels: 3 });
    expect([...pixels!.data]).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0, 0, 255, 0]);
  });

  test("splits a batch into pictures with data of their own", () => {
    const images = { data: new Uint8Array([1, 2, 3, 4]), shape: [2, 1, 2, 1] as const };
    const [first, second] = toPixels(images);
    expect([...first!.data]).toEqual([1, 2]);
    expect([...second!.data]).toEqual([3, 4]);
    first!.data[0] = 9;
    expect(images.data[0]).toBe(1);
    expect(second!.data.buffer.byteLength).toBe(2);
  });

  test("min-max spreads the batch's own range over black to white", () => {
    expect(bytes([-3, 0, 5], "min-max")).toEqual([0, 96, 255]);
    expect(bytes([0.5, 0.5], "min-max")).toEqual([0, 0]);
  });

  test("refuses values that are no number, and shapes that do not fit", () => {
    expect(() => bytes([0, Number.NaN])).toThrow(/NaN at index 1/);
    expect(() => bytes([Number.POSITIVE_INFINITY])).toThrow(/Infinity at index 0/);
    const data = new Float32Array(12);
    expect(() => toPixels({ data, shape: [1, 3, 2, 2] })).toThrow(/2 channels/);
    expect(() => toPixels({ data, shape: [1, 3, 3, 3] })).toThrow(/12 values.*Give 27/);
    expect(() =>
      toPixels({ data: new Uint8Array(4), shape: [1, 2, 2, 1] }, { normalize: "min-max" }),
    ).toThrow(/Float32Array/);
  });
});
