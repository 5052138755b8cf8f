import { mapParams, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * √Σ g² over every number of every tensor.
 *
 * @returns shape []
 */
export function globalNorm(gradients: Params): tf.Scalar {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  return tf.sqrt(tf.sum<tf.Scalar>(tf.stack(squares)));
}

/**
 * Scales all gradients by min(1, largest / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ does.
 *
 * @param norm shape [], from {@link globalNorm}
 */
export function clipByGlobalNorm(gradients: Params, norm: tf.Scalar, largest: number): Params {
  const scale = tf.minimum(tf.div(largest, tf.add(norm, 1e-6)), 1);
  return mapParams(gradients, (gradient) => tf.mul(gradient, scale));
}
