import { fail, type Images } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";

/**
 * A number for each pair of images of two sets of one size.
 *
 * @param measure of the pixels of one image of each, [H, W, C] flat
 * @throws DdpmError for sets of different shapes
 */
export function eachPair(
  where: ErrorPlace,
  a: Images,
  b: Images,
  measure: (a: Float32Array, b: Float32Array) => number,
): Float64Array {
  if (a.shape.some((length, axis) => length !== b.shape[axis])) {
    fail(
      where,
      `images of [${a.shape}] and [${b.shape}].`,
      "Give pairs: as many images of one size in each.",
    );
  }
  const [count, height, width, channels] = a.shape;
  const size = height * width * channels;
  const image = ({ data }: Images, k: number) => data.subarray(k * size, (k + 1) * size) as Float32Array;
  return Float64Array.from({ length: count }, (_, k) => measure(image(a, k), image(b, k)));
}
