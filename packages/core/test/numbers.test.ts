import { expect, test } from "vitest";
import { mean, median, pixelOfValue, sizeOf, solve, valueOfPixel } from "../src/authoring.ts";
import { random } from "../src/index.ts";

test("sizeOf multiplies lengths: 1 for a scalar, 0 where a length is 0", () => {
  expect(sizeOf([2, 3, 4])).toBe(24);
  expect(sizeOf([])).toBe(1);
  expect(sizeOf([5, 0])).toBe(0);
});

test("every pixel comes back from its value; values beyond [−1, 1] are clamped", () => {
  expect(valueOfPixel(0)).toBe(-1);
  expect(valueOfPixel(255)).toBe(1);
  for (let pixel = 0; pixel < 256; pixel++)
    expect(pixelOfValue(Math.fround(valueOfPixel(pixel)))).toBe(pixel);
  expect([pixelOfValue(-3), pixelOfValue(3)]).toEqual([0, 255]);
});

test("solve finds x of random systems, with a first pivot of 0 too, and says of singular ones that they are", () => {
  const draws = random(1);
  for (const n of [1, 2, 3, 6]) {
    const x = draws.normals(n);
    const matrix = Array.from({ length: n }, (_, i) =>
      draws.normals(n).map((value, j) => (n > 1 && i === 0 && j === 0 ? 0 : value)),
    );
    const right = matrix.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0));
    solve(matrix, right)!.forEach((value, i) => {
      expect(value).toBeCloseTo(x[i]!, 5);
    });
  }
  expect(
    solve(
      [
        [1, 2],
        [2, 4],
      ],
      [1, 2],
    ),
  ).toBeNull();
});

test("mean and median, of odd and even counts; of none there is no number", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean(Float32Array.of(0.5, 1.5))).toBe(1);
  expect(mean([])).toBeNaN();
  expect(median([9, 1, 2])).toBe(2);
  expect(median([9, 1, 2, 4])).toBe(3);
  expect(median([])).toBeNaN();
});
