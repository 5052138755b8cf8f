import { WEIGHTED_SUM } from "@ddpm/tfjs-kernels";
import * as tf from "@tensorflow/tfjs-core";

/** a · ofA + b · ofB, for tensors of one shape and weights of shape []. */
export function weightedSum(a: tf.Tensor, b: tf.Tensor, ofA: tf.Tensor, ofB: tf.Tensor): tf.Tensor {
  if (!tf.getKernel(WEIGHTED_SUM, tf.getBackend())) return tf.add(tf.mul(a, ofA), tf.mul(b, ofB));
  return tf.engine().runKernel(WEIGHTED_SUM, { a, b, weights: tf.stack([ofA, ofB]) });
}
