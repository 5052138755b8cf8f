import { expectShape, type Moment } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { perSample } from "./per-sample.ts";

/**
 * Noises a batch, each sample to its own level: x_t = alpha · x_0 + sigma · ε (Ho et al. 2020, eq. 4).
 * Pure: everything that changes from step to step is a tensor.
 *
 * @param x0    clean samples, [B, …, C]
 * @param eps   ε ~ N(0, I), [B, …, C]
 * @param alpha [B]
 * @param sigma [B]
 * @returns     [B, …, C]
 * @throws DdpmError when shapes do not fit
 */
export function diffuse(x0: tf.Tensor, eps: tf.Tensor, alpha: tf.Tensor1D, sigma: tf.Tensor1D): tf.Tensor {
  expectShape("diffusion/diffuse", "eps", eps.shape, x0.shape);
  return tf.tidy(() => tf.add(tf.mul(perSample(alpha, x0), x0), tf.mul(perSample(sigma, x0), eps)));
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
