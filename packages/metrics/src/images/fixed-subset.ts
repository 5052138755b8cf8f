import { type Dataset, type Images, random } from "@ddpm/core";
import { imagesOf } from "./batches.ts";

/** Indices of at most `count` of `length` images in ascending order: a random choice that never changes. */
export function fixedSubset(length: number, count: number): Uint32Array {
  const order = random(0).fork("eval/some").permutation(length);
  return Uint32Array.from(order.subarray(0, Math.min(count, length))).sort();
}

/** The images of {@link fixedSubset}, [n, H, W, C] in [−1, 1]. */
export function imagesOfSubset(dataset: Dataset, count: number): Promise<Images> {
  return imagesOf(dataset, fixedSubset(dataset.length, count));
}
