import type { Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { bundlesOf, mapTogether } from "../optimizers/arithmetic/pack-tensors.ts";

/**
 * (Σ |g|^power)^(1 / power) over every number of every tensor; the largest |g| where power is infinite.
 *
 * @returns shape []
 */
export function globalNorm(gradients: Params, power = 2): tf.Scalar {
  const each = bundlesOf(gradients).map(({ join }) =>
    share(
      join((name) => gradients[name]!),
      power,
    ),
  );
  const all = tf.stack(each);
  if (power === Number.POSITIVE_INFINITY) return tf.max<tf.Scalar>(all);
  const total = tf.sum<tf.Scalar>(all);
  return power === 2 ? tf.sqrt(total) : tf.pow(total, 1 / power);
}

/** What some gradients add: Σ |g|^power, or max |g|. */
function share(gradient: tf.Tensor, power: number): tf.Tensor {
  if (power === 2) return tf.sum(tf.square(gradient));
  const sizes = tf.abs(gradient);
  if (power === Number.POSITIVE_INFINITY) return tf.max(sizes);
  return tf.sum(power === 1 ? sizes : tf.pow(sizes, power));
}

/**
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ does.
 *
 * @param norm shape [], from {@link globalNorm}
 */
export function clipByGlobalNorm(gradients: Params, norm: tf.Scalar, maxNorm: number): Params {
  const scale = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  return mapTogether(gradients, (gradient) => tf.mul(gradient, scale));
}
