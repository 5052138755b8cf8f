import { expect, test } from "vitest";
import type { ImageTensor } from "../src/authoring.ts";
import { gif, grid, png, toPixels } from "../src/index.ts";

const numbers = Float32Array.from({ length: 2 * 3 * 4 }, (_, i) => i / 12 - 1);
const tensor = (
  shape: readonly number[],
  data: ReturnType<ImageTensor["dataSync"]> = numbers,
): ImageTensor => ({
  shape,
  dataSync: () => data,
});
const batch = { data: numbers, shape: [2, 3, 4, 1] } as const;

test("grid and gif draw a tensor as the same numbers in a batch", () => {
  expect(grid(tensor(batch.shape))).toEqual(grid(batch));
  expect(gif(tensor(batch.shape))).toEqual(gif(toPixels(batch)));
});

test("png draws a tensor of one picture, with or without the axis of the batch", () => {
  const expected = png(toPixels({ data: numbers, shape: [1, 6, 4, 1] })[0]!);
  expect(png(tensor([6, 4, 1]))).toEqual(expected);
  expect(png(tensor([1, 6, 4, 1]))).toEqual(expected);
});

test("several pictures for png, other ranks and whole numbers are refused", () => {
  expect(() => png(tensor(batch.shape))).toThrow(/2 pictures.*grid\(images\)/);
  expect(() => grid(tensor([24]))).toThrow(/shape \[24\]/);
  expect(() => grid(tensor(batch.shape, new Int32Array(24)))).toThrow(/int32/);
});
