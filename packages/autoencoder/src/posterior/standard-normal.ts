import * as tf from "@tensorflow/tfjs-core";

/**
 * Entropy of a normal distribution with independent numbers, in nats per item, [B].
 *
 * Source: Luo & Hu 2021, eq. 9.
 *
 * @param logVariance [B, …]
 */
export function gaussianEntropy(logVariance: tf.Tensor): tf.Tensor1D {
  const each = tf.add(tf.mul(logVariance, 0.5), 0.5 * (1 + Math.log(2 * Math.PI)));
  return sumPerItem(each);
}

/**
 * ln p(z) of the standard normal distribution per item, [B]. The difference to {@link gaussianEntropy}, negated, estimates
 * the KL divergence of a posterior from one of its samples.
 *
 * Source: Luo & Hu 2021, eq. 9.
 *
 * @param z [B, …]
 */
export function standardNormalLogDensity(z: tf.Tensor): tf.Tensor1D {
  return sumPerItem(tf.sub(-0.5 * Math.log(2 * Math.PI), tf.mul(tf.square(z), 0.5)));
}

function sumPerItem(x: tf.Tensor): tf.Tensor1D {
  return tf.sum(tf.reshape(x, [x.shape[0]!, -1]), 1);
}
