import { random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { filterDouble, filterHalf } from "../src/layers/resampling/filter-resample.ts";
import { gridPositions } from "../src/layers/skeletons/patches.ts";

const draw = (...shape: [number, number, number, number]): tf.Tensor4D =>
  tf.tensor4d(random(1).normals(shape.reduce((a, b) => a * b)), shape);

/** The filter slid over the picture, pixel by pixel; `at` reads a pixel or what is beyond the border. */
function slid(row: readonly number[], taps: readonly number[], beyond: (i: number) => number): number[] {
  const sum = taps.reduce((a, b) => a + b);
  return Array.from({ length: row.length / 2 }, (_, i) =>
    taps.reduce((total, tap, k) => {
      const at = 2 * i + k - (taps.length / 2 - 1);
      return total + (tap / sum) * (at >= 0 && at < row.length ? row[at]! : beyond(at));
    }, 0),
  );
}

describe("halving with a filter", () => {
  test.each([
    ["zeros", () => 0],
    ["mirror", (row: readonly number[]) => (at: number) => row[at < 0 ? -at : 2 * (row.length - 1) - at]!],
  ] as const)("slides it over the picture, with %s beyond the border", (edges, beyond) => {
    const rows = (draw(1, 6, 8, 1).arraySync()[0] as number[][][]).map((row) => row.map(([value]) => value!));
    const at = (row: readonly number[]): ((i: number) => number) => {
      const made = beyond(row) as number | ((i: number) => number);
      return typeof made === "number" ? () => made : made;
    };
    const across = rows.map((row) => slid(row, [1, 3, 3, 1], at(row)));
    const columns = across[0]!.map((_, j) => across.map((row) => row[j]!));
    const both = columns.map((column) => slid(column, [1, 3, 3, 1], at(column)));
    const ours = filterHalf({ taps: [1, 3, 3, 1], edges })(draw(1, 6, 8, 1)).arraySync()[0]!;
    for (const [i, row] of ours.entries()) {
      for (const [j, [value]] of row.entries()) expect(value).toBeCloseTo(both[j]![i]!, 5);
    }
  });

  test("a filter of [1, 1] is the mean of 2 × 2 pixels, and its doubling repeats them", () => {
    const x = draw(2, 4, 6, 3);
    expect(filterHalf({ taps: [1, 1] })(x).dataSync()).toEqual(tf.avgPool(x, 2, 2, "valid").dataSync());
    expect(filterDouble({ taps: [2, 2] })(x).shape).toEqual([2, 8, 12, 3]);
  });

  test("an odd number of taps is refused", () => {
    expect(() => filterHalf({ taps: [1, 2, 1] })).toThrow("a filter of 3 taps");
  });
});

test("doubling is 4 times the transpose of halving, where zeros are beyond the border", () => {
  const taps = [1, 3, 3, 1];
  const [x, y] = [draw(2, 4, 6, 2), draw(2, 2, 3, 2)];
  const left = tf.sum(tf.mul(filterHalf({ taps })(x), y)).dataSync()[0]!;
  const right = tf.sum(tf.mul(x, filterDouble({ taps })(y))).dataSync()[0]!;
  expect(right).toBeCloseTo(4 * left, 4);
});

test("a constant picture stays constant inside, and everywhere with mirrored edges", () => {
  const one: tf.Tensor4D = tf.ones([1, 4, 4, 1]);
  for (const resample of [filterHalf, filterDouble]) {
    const mirrored = resample({ taps: [1, 3, 3, 1], edges: "mirror" })(one).dataSync();
    for (const value of mirrored) expect(value).toBeCloseTo(1, 6);
  }
});

test("positions of a grid: sines and cosines of the column, then of the row", () => {
  const table = gridPositions([2, 3], 8);
  const [row, column] = [1, 2];
  const at = (row * 3 + column) * 8;
  const angles = [column, column / 100, row, row / 100];
  const [a, b, c, d] = angles as [number, number, number, number];
  const expected = [a, b]
    .map(Math.sin)
    .concat([a, b].map(Math.cos), [c, d].map(Math.sin), [c, d].map(Math.cos));
  for (const [i, value] of expected.entries()) expect(table[at + i]).toBeCloseTo(value, 6);
});
