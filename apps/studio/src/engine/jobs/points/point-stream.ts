import { type ImageStream, random } from "@ddpm/core";

/** Points in an endless order that depends on the seed alone. */
export function pointStream(points: Float32Array, seed: number): ImageStream {
  const length = points.length / 2;
  const order = random(seed).fork("points");
  return {
    shape: [1, 1, 2],
    length,
    fingerprint: `points-${length}`,
    async read(first, count) {
      const data = new Float32Array(2 * count);
      for (let row = 0; row < count; row++) {
        const k = order.fork(first + row).integer(length);
        data.set(points.subarray(2 * k, 2 * k + 2), 2 * row);
      }
      return { data, shape: [count, 1, 1, 2] };
    },
  };
}
