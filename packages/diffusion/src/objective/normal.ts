import * as tf from "@tensorflow/tfjs-core";

/**
 * KL(N(mean1, e^{logVariance1}) ‖ N(mean2, e^{logVariance2})), element by element, in nats.
 *
 * Source: Ho et al. 2020, diffusion_utils_2.py, `normal_kl`.
 */
export function normalKl(
  mean1: tf.Tensor,
  logVariance1: tf.Tensor,
  mean2: tf.Tensor,
  logVariance2: tf.Tensor,
): tf.Tensor {
  return klOfDifference(tf.sub(mean1, mean2), tf.sub(logVariance2, logVariance1), logVariance2);
}

/**
 * The same from what differs: exact in float32 where means and variances are close.
 *
 * @param distance mean1 − mean2
 * @param wider    logVariance2 − logVariance1
 */
export function klOfDifference(distance: tf.Tensor, wider: tf.Tensor, logVariance2: tf.Tensor): tf.Tensor {
  const spread = tf.add(wider, tf.expm1(tf.neg(wider)));
  return tf.mul(tf.add(spread, tf.mul(tf.square(distance), tf.exp(tf.neg(logVariance2)))), 0.5);
}

/** How steeply the approximate CDF rises: √(2 / π). */
const SLOPE = Math.sqrt(2 / Math.PI);

/** 2 √(2/π) (x + 0.044715 x³): the CDF is the sigmoid of it. */
function logit(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), 2 * SLOPE);
}

/**
 * The tanh approximation of the standard normal CDF, element by element.
 *
 * Source: improved-diffusion, losses.py, `approx_standard_normal_cdf`; Page 1977.
 */
export function normalCdf(x: tf.Tensor): tf.Tensor {
  // e^{−softplus(−z)}: some backends' sigmoid is a rational function that ends at 1e-8 in the lower tail.
  return tf.exp(tf.neg(tf.softplus(tf.neg(logit(x)))));
}

/** Half a grey level of 256 over [−1, 1]. */
const HALF = 1 / 255;

/**
 * ln of the probability that N(mean, e^{2 · logScale}) gives to the grey level of x: bins half a level to both sides,
 * open at −1 and 1. Element by element, in nats.
 *
 * Source: Ho et al. 2020, section 3.3, eq. 13; improved-diffusion, `discretized_gaussian_log_likelihood`.
 *
 * @param x        grey levels v / 127.5 − 1
 * @param distance x − mean
 * @param logScale ln of the standard deviation
 * @param least    lowest probability, so that the logarithm stays finite
 */
export function greyLogLikelihood(
  x: tf.Tensor,
  distance: tf.Tensor,
  logScale: tf.Tensor,
  least: number = 1e-12,
): tf.Tensor {
  const sharpness = tf.exp(tf.neg(logScale));
  const cdf = (place: tf.Tensor) => normalCdf(tf.mul(sharpness, place));
  const below = cdf(tf.add(distance, HALF));
  const above = cdf(tf.sub(HALF, distance));
  const away = tf.neg(tf.abs(distance));
  const inside = tf.sub(cdf(tf.add(away, HALF)), cdf(tf.sub(away, HALF)));
  const chosen = tf.where(tf.less(x, -0.999), below, tf.where(tf.greater(x, 0.999), above, inside));
  return tf.log(tf.maximum(chosen, least));
}
