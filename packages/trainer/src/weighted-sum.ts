import * as tf from "@tensorflow/tfjs-core";

/**
 * A backend that registers this kernel adds two tensors of one shape with a weight each: inputs `a`, `b` and `weights`
 * [2]; output a · weights[0] + b · weights[1].
 */
export const WEIGHTED_SUM = "WeightedSum";

/** a · ofA + b · ofB, for tensors of one shape and weights of shape []. */
export function weightedSum(a: tf.Tensor, b: tf.Tensor, ofA: tf.Tensor, ofB: tf.Tensor): tf.Tensor {
  if (!tf.getKernel(WEIGHTED_SUM, tf.getBackend())) return tf.add(tf.mul(a, ofA), tf.mul(b, ofB));
  return tf.engine().runKernel(WEIGHTED_SUM, { a, b, weights: tf.stack([ofA, ofB]) });
}
