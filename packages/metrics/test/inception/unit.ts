/** In [−1, 1): a hash of parameter number p and place, as make-golden.py has it. */
export function unit(p: number, count: number): Float64Array {
  const start = Math.imul(p + 1, 2246822519);
  return Float64Array.from({ length: count }, (_, i) => {
    let h = (Math.imul(i, 2654435761) + start) >>> 0;
    h = Math.imul(h ^ (h >>> 15), 2246822519) >>> 0;
    h = Math.imul(h ^ (h >>> 13), 3266489917) >>> 0;
    h ^= h >>> 16;
    return (h >>> 0) / 2 ** 31 - 1;
  });
}

/** Pictures of whole bytes [B, C, H, W] as [B, H, W, C] in [−1, 1]. */
export function picturesOf(p: number, shape: readonly number[]): Float32Array {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const bytes = unit(p, batch * channels * height * width).map((u) => Math.round(127.5 + 127.5 * u));
  const data = new Float32Array(bytes.length);
  for (let b = 0, at = 0; b < batch; b++) {
    for (let i = 0; i < height * width; i++) {
      for (let c = 0; c < channels; c++, at++) {
        data[at] = bytes[(b * channels + c) * height * width + i]! / 127.5 - 1;
      }
    }
  }
  return data;
}
