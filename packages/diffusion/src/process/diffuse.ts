import { expectShape, type Moment } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Noises a batch, each image to its own level: x_t = alpha · x_0 + sigma · ε (Ho et al. 2020, eq. 4).
 * Pure: everything that changes from step to step is a tensor.
 *
 * @param x0    clean images, [B, H, W, C]
 * @param eps   ε ~ N(0, I), [B, H, W, C]
 * @param alpha [B]
 * @param sigma [B]
 * @returns     [B, H, W, C]
 * @throws DdpmError when shapes do not fit
 */
export function diffuse(
  x0: tf.Tensor4D,
  eps: tf.Tensor4D,
  alpha: tf.Tensor1D,
  sigma: tf.Tensor1D,
): tf.Tensor4D {
  expectShape("diffusion/diffuse", "eps", eps.shape, x0.shape);
  return tf.tidy(
    () => tf.add(tf.mul(perImage(alpha, x0), x0), tf.mul(perImage(sigma, x0), eps)) as tf.Tensor4D,
  );
}

/**
 * [B] as [B, 1, 1, 1], to multiply images with.
 *
 * @throws DdpmError when there is not one number per image
 */
export function perImage(column: tf.Tensor1D, images: tf.Tensor4D): tf.Tensor4D {
  expectShape("diffusion/diffuse", "column", column.shape, [images.shape[0]]);
  return tf.reshape(column, [images.shape[0], 1, 1, 1]);
}

/** Columns of numbers as tensors, [B] each. */
export function tensorColumns<Name extends string>(
  columns: Readonly<Record<Name, Float32Array>>,
): Record<Name, tf.Tensor1D> {
  const entries = Object.entries<Float32Array>(columns).map(([name, values]) => [name, tf.tensor1d(values)]);
  return Object.fromEntries(entries);
}

/** The levels of some moments as columns, [B] each. */
export function levelColumns(moments: readonly Moment[]): {
  readonly alpha: Float32Array;
  readonly sigma: Float32Array;
} {
  return {
    alpha: Float32Array.from(moments, ({ alpha }) => alpha),
    sigma: Float32Array.from(moments, ({ sigma }) => sigma),
  };
}
