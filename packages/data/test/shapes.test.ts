import type { Dataset, DatasetImage } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { polygonDistance } from "../src/embedded/polygon.ts";
import { SHAPE_CLASSES } from "../src/embedded/shape-classes.ts";
import { embeddedSets, shapes } from "../src/index.ts";

const at = (set: Dataset, index: number): DatasetImage => set.image(index) as DatasetImage;

/** What stands out from the corner's colour. */
function silhouette({ pixels }: DatasetImage, size: number): boolean[] {
  return Array.from({ length: size * size }, (_, i) => {
    const distance = [0, 1, 2].map((c) => Math.abs(pixels[3 * i + c]! - pixels[c]!));
    return Math.max(...distance) > 60;
  });
}

/** A silhouette's bounding box, sampled 8×8. */
function glyph(mask: boolean[], size: number): number[] {
  const on = mask.flatMap((inside, i) => (inside ? [[Math.floor(i / size), i % size] as const] : []));
  const [ys, xs] = [on.map(([y]) => y), on.map(([, x]) => x)];
  const [top, left] = [Math.min(...ys), Math.min(...xs)];
  const [height, width] = [Math.max(...ys) - top + 1, Math.max(...xs) - left + 1];
  return Array.from({ length: 64 }, (_, i) => {
    const y = top + Math.floor(((Math.floor(i / 8) + 0.5) * height) / 8);
    const x = left + Math.floor((((i % 8) + 0.5) * width) / 8);
    return mask[y * size + x] ? 1 : 0;
  });
}

describe("the embedded shapes", () => {
  it("are a function of seed and number: the same bytes in any order, other bytes otherwise", () => {
    const [a, b] = [shapes({ seed: 3 }), shapes({ seed: 3 })];
    for (const k of [5, 0, 5999, 17]) expect(at(a, k)).toEqual(at(b, k));
    for (const k of [17, 5999, 0]) expect(at(b, k)).toEqual(at(a, k));
    expect(at(a, 0).pixels).not.toEqual(at(a, 6).pixels);
    expect(at(a, 0).pixels).not.toEqual(at(shapes({ seed: 4 }), 0).pixels);
  });

  it("keep their bytes from version to version", () => {
    const print = (options: object) => {
      const set = shapes(options);
      return fingerprint(...Array.from({ length: 60 }, (_, k) => Uint8Array.from(at(set, k).pixels)));
    };
    expect(print({})).toBe("f49908d9cd3e311b");
    expect(print({ size: 16, background: "both", colours: "any", seed: 2 ** 40 })).toBe("63dfcd0f929a3797");
  });

  it("hold each class equally often, as declared", () => {
    const set = shapes({ count: 60 });
    const counts = new Array<number>(6).fill(0);
    for (let k = 0; k < 60; k++) counts[at(set, k).label!]!++;
    expect(counts).toEqual([10, 10, 10, 10, 10, 10]);
    expect(set.classes).toEqual(["disc", "square", "triangle", "star", "ring", "cross"]);
  });

  it.each([16, 32, 64])("are wholly inside, on a plain ground, at %i pixels", (size) => {
    for (const background of ["light", "dark"] as const) {
      const set = shapes({ size, background });
      for (let k = 0; k < 120; k++) {
        const image = at(set, k);
        const border = Array.from({ length: size * size }, (_, i) => i).filter((i) => {
          const [y, x] = [Math.floor(i / size), i % size];
          return y === 0 || x === 0 || y === size - 1 || x === size - 1;
        });
        const mask = silhouette(image, size);
        expect(border.some((i) => mask[i])).toBe(false);
        const share = mask.filter(Boolean).length / (size * size);
        expect(share).toBeGreaterThan(0.04);
        expect(share).toBeLessThan(0.55);
        for (const value of image.pixels.subarray(0, 3)) {
          if (background === "light") expect(value).toBeGreaterThan(215);
          else expect(value).toBeLessThan(42);
        }
      }
    }
  });

  it.each([16, 32])("are recognisable by outline alone at %i pixels", (size) => {
    const set = shapes({ size, background: "both", colours: "any", seed: 9 });
    const known = Array.from({ length: 600 }, (_, k) => glyph(silhouette(at(set, k), size), size));
    let right = 0;
    for (let k = 600; k < 900; k++) {
      const seen = glyph(silhouette(at(set, k), size), size);
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      known.forEach((other, i) => {
        const distance = other.reduce((sum, value, j) => sum + (value === seen[j] ? 0 : 1), 0);
        if (distance < least) [best, least] = [i, distance];
      });
      if (best % 6 === k % 6) right++;
    }
    expect(right / 300).toBeGreaterThan(0.95);
  });

  it("wear their class's colour, or any of the six", () => {
    const worn = (set: Dataset, k: number): number => {
      const image = at(set, k);
      const mask = silhouette(image, 32);
      const votes = SHAPE_CLASSES.map(({ colour }) => {
        let distance = 0;
        mask.forEach((inside, i) => {
          if (inside) for (const c of [0, 1, 2]) distance += Math.abs(image.pixels[3 * i + c]! - colour[c]!);
        });
        return distance;
      });
      return votes.indexOf(Math.min(...votes));
    };
    const [own, any] = [shapes(), shapes({ colours: "any" })];
    const numbers = Array.from({ length: 120 }, (_, k) => k);
    expect(numbers.every((k) => worn(own, k) === k % 6)).toBe(true);
    expect(new Set(numbers.filter((k) => k % 6 === 2).map((k) => worn(any, k))).size).toBe(6);
  });

  it("are a plugin of the embedded sets, with checked options", () => {
    expect(embeddedSets.create({ name: "shapes", size: 16, count: 12 })).toMatchObject({
      length: 12,
      shape: [16, 16, 3],
    });
    expect(() => shapes({ size: 8 })).toThrow(/option "size"/);
    expect(() => shapes({ sise: 16 } as never)).toThrow(/Did you mean "size"/);
    expect(() => shapes({ count: 6 }).image(6)).toThrow(/image 6, expected a whole number from 0 to 5/);
    const prints = [
      {},
      { size: 16 },
      { count: 6 },
      { seed: 1 },
      { background: "dark" },
      { colours: "any" },
    ] as const;
    expect(new Set(prints.map((options) => shapes(options).fingerprint)).size).toBe(6);
  });
});

it("the distance to a square is exact, and signed", () => {
  const square = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  const inRange = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(inRange, inRange, (x, y) => {
      const [dx, dy] = [Math.abs(x) - 1, Math.abs(y) - 1];
      const outside = Math.sqrt(Math.max(dx, 0) ** 2 + Math.max(dy, 0) ** 2);
      const expected = dx < 0 && dy < 0 ? Math.max(dx, dy) : outside;
      expect(polygonDistance(square, x, y)).toBeCloseTo(expected, 9);
    }),
  );
});
