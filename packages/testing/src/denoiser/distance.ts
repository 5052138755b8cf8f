/** Largest difference, in units of the largest number of either. */
export function distance(a: Float32Array, b: Float32Array): number {
  let off = 0;
  let scale = 1e-30;
  for (let i = 0; i < a.length; i++) {
    off = Math.max(off, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(a[i]!), Math.abs(b[i]!));
  }
  return a.length === b.length ? off / scale : Number.POSITIVE_INFINITY;
}
