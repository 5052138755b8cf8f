import { expectShape } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * One number per sample as [B, 1, …, 1], of the rank of the samples, to multiply them with.
 *
 * @param column  [B]
 * @param samples [B, …, C]
 * @throws DdpmError when there is not one number per sample
 */
export function perSample(column: tf.Tensor, { shape }: Pick<tf.Tensor, "shape">): tf.Tensor {
  const batch = shape[0]!;
  expectShape("diffusion/per-sample", "column", column.shape, [batch]);
  return tf.reshape(
    column,
    shape.map((_, axis) => (axis === 0 ? batch : 1)),
  );
}

/** The axes of one sample in a batch [B, …, C]: all but the first. */
export function sampleAxes({ rank }: Pick<tf.Tensor, "rank">): number[] {
  return Array.from({ length: rank - 1 }, (_, axis) => axis + 1);
}

/**
 * The mean over each sample, [B].
 *
 * @param values [B, …]
 */
export function meanPerSample(values: tf.Tensor): tf.Tensor1D {
  return tf.mean(tf.reshape(values, [values.shape[0]!, -1]), 1);
}
