import { pixelOfValue, valueOfPixel } from "@ddpm/core/authoring";
/** Pixels rounded to 8 bits as in an image file, in [−1, 1]: references read their images from files. */
export function quantise(values: Float32Array): Float32Array {
  return values.map((value) => valueOfPixel(pixelOfValue(value)));
}
