import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stages } from "../src/index.ts";

describe("stages", () => {
  test("n of count: exactly n, strictly increasing, from the first to the last", () => {
    const sizes = fc
      .integer({ min: 2, max: 5000 })
      .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 2, max: count })));
    fc.assert(
      fc.property(sizes, ([count, n]) => {
        const indices = stages(count, n);
        expect(indices).toHaveLength(n);
        expect(indices[0]).toBe(0);
        expect(indices.at(-1)).toBe(count - 1);
        const exact = (i: number): number => (i * (count - 1)) / (n - 1);
        const wrong = indices.find(
          (index, i) => index <= indices[i - 1]! || Math.abs(index - exact(i)) > 0.5,
        );
        expect(wrong).toBeUndefined();
      }),
    );
  });

  test("7 of 512 are 7, where a stride of 512 // 7 gives 8 and misses the last", () => {
    expect(stages(512, 7)).toEqual([0, 85, 170, 256, 341, 426, 511]);
  });

  test("all of them, and one of one", () => {
    expect(stages(4, 4)).toEqual([0, 1, 2, 3]);
    expect(stages(1, 1)).toEqual([0]);
  });

  test("refuses more stages than frames, and a single stage of many frames", () => {
    expect(() => stages(3, 4)).toThrow(/4 stages of 3.*at most 3/);
    expect(() => stages(3, 1)).toThrow(/at least 2/);
    expect(() => stages(0, 0)).toThrow(/count 0/);
    expect(() => stages(3, 2.5)).toThrow(/n 2.5/);
  });
});
