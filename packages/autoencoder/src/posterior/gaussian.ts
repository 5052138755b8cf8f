import { expectShape, fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** A normal distribution per latent, all independent. */
export interface GaussianPosterior {
  /** [B, h, w, C], its mode, too. */
  readonly mean: tf.Tensor4D;
  /** [B, h, w, C], in [−30, 20]. */
  readonly logVariance: tf.Tensor4D;
}

/** Logarithms of variances are clipped to this, as in CompVis/latent-diffusion. */
const [LOWEST, HIGHEST] = [-30, 20];

/**
 * The posterior q(z|x) that an encoder parameterises.
 *
 * Source: Kingma & Welling 2014, appendix C.2; CompVis/latent-diffusion distributions.py.
 *
 * @param moments [B, h, w, 2 C]: means, then logarithms of variances
 * @throws DdpmError for an odd number of channels
 */
export function gaussianPosterior(moments: tf.Tensor4D): GaussianPosterior {
  const channels = moments.shape[3];
  if (channels % 2 !== 0)
    fail(
      "autoencoder/posterior",
      `moments of ${channels} channels, expected means, then log-variances of the same number.`,
    );
  const [mean, raw] = tf.split(moments, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  return { mean, logVariance: tf.clipByValue(raw, LOWEST, HIGHEST) };
}

/** Its standard deviations, [B, h, w, C]. */
export function posteriorDeviation({ logVariance }: GaussianPosterior): tf.Tensor4D {
  const half: tf.Tensor4D = tf.mul(0.5, logVariance);
  return tf.exp(half);
}

/**
 * A sample by the reparameterisation mean + deviation · noise (Kingma & Welling 2014, section 2.4).
 *
 * @param noise standard normal numbers, [B, h, w, C]
 */
export function posteriorSample(posterior: GaussianPosterior, noise: tf.Tensor4D): tf.Tensor4D {
  expectShape("autoencoder/posterior", "noise", noise.shape, posterior.mean.shape);
  return tf.add(posterior.mean, tf.mul(posteriorDeviation(posterior), noise));
}

/** Sums over everything but the batch: [B, h, w, C] → [B]. */
function perItem(x: tf.Tensor): tf.Tensor1D {
  return tf.sum(x, [1, 2, 3]) as tf.Tensor1D;
}

/**
 * KL(posterior ‖ other) in nats per item, [B]; against the standard normal distribution when `other` is left out.
 *
 * Source: Kingma & Welling 2014, appendix B.
 */
export function klDivergence(posterior: GaussianPosterior, other?: GaussianPosterior): tf.Tensor1D {
  const { mean, logVariance } = posterior;
  const variance = tf.exp(logVariance);
  if (!other) {
    return perItem(tf.mul(0.5, tf.sub(tf.sub(tf.add(tf.square(mean), variance), 1), logVariance)));
  }
  const ratio = tf.div(tf.add(tf.squaredDifference(mean, other.mean), variance), tf.exp(other.logVariance));
  return perItem(tf.mul(0.5, tf.add(tf.sub(tf.sub(ratio, 1), logVariance), other.logVariance)));
}

/** −log q(sample) in nats per item, [B]. */
export function negativeLogLikelihood(posterior: GaussianPosterior, sample: tf.Tensor4D): tf.Tensor1D {
  const { mean, logVariance } = posterior;
  expectShape("autoencoder/posterior", "the sample", sample.shape, mean.shape);
  const distance = tf.div(tf.squaredDifference(sample, mean), tf.exp(logVariance));
  return perItem(tf.mul(0.5, tf.add(tf.add(logVariance, Math.log(2 * Math.PI)), distance)));
}
