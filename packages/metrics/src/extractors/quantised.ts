/**
 * Pixels as a file of 8 bits would hold them, still in [−1, 1]: references read their images from files, and what a file
 * cannot hold must not count.
 */
export function quantised(values: Float32Array): Float32Array {
  return values.map((value) => Math.round(Math.min(1, Math.max(-1, value)) * 127.5 + 127.5) / 127.5 - 1);
}
