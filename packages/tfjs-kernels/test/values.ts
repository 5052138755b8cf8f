import * as tf from "@tensorflow/tfjs-core";

/** A tensor as plain numbers, so that it can be made on any backend. */
export interface Values {
  readonly shape: number[];
  readonly data: Float32Array | Int32Array;
}

/** Numbers in about [-1, 1], the same for the same seed and shape. */
export function values(seed: number, ...shape: number[]): Values {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 31 - 1;
  }
  return { shape, data };
}

/** Typed as rank 4, which most of these operations ask for; the true rank is that of the values. */
export const tensor = ({ shape, data }: Values): tf.Tensor4D =>
  tf.tensor<tf.Rank>(
    data,
    shape as [number],
    data instanceof Int32Array ? "int32" : "float32",
  ) as tf.Tensor4D;

/** Largest difference, relative to the largest expected magnitude (at least 1); infinite when shapes differ or NaN appears. */
export function distance(actual: Values, expected: Values): number {
  if (actual.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let size = 1;
  for (const value of expected.data) size = Math.max(size, Math.abs(value));
  let worst = 0;
  actual.data.forEach((value, i) => {
    const error = Math.abs(value - expected.data[i]!) / size;
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  });
  return worst;
}
