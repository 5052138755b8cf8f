/** Pixels rounded to 8 bits as in an image file, in [−1, 1]: references read their images from files. */
export function quantise(values: Float32Array): Float32Array {
  return values.map((value) => Math.round(Math.min(1, Math.max(-1, value)) * 127.5 + 127.5) / 127.5 - 1);
}
