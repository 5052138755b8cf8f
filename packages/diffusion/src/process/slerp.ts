import { expectShape } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { sampleAxes } from "./per-sample.ts";

/**
 * Spherical interpolation of noise, sample by sample: unlike a straight mean it keeps the length that noise has. Encode
 * samples with deterministic DDIM up to t = 1, interpolate, and sample down again.
 *
 * Source: Shoemake 1985; Song et al. 2020 (DDIM), appendix D.5.
 *
 * @param a     [B, …, C]
 * @param b     [B, …, C]
 * @param share 0 gives a, 1 gives b
 * @returns     [B, …, C]; where a and b point the same way, the straight mean
 */
export function slerp(a: tf.Tensor, b: tf.Tensor, share: number): tf.Tensor {
  expectShape("diffusion/slerp", "b", b.shape, a.shape);
  return tf.tidy(() => {
    const product = (x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.mul(x, y), sampleAxes(x), true);
    const lengths = tf.sqrt(tf.mul(product(a, a), product(b, b)));
    const angle = tf.acos(tf.clipByValue(tf.div(product(a, b), lengths), -1, 1));
    const sine = tf.sin(angle);
    const weight = (part: number) =>
      tf.where(tf.less(sine, 1e-4), tf.fill(sine.shape, part), tf.div(tf.sin(tf.mul(angle, part)), sine));
    return tf.add(tf.mul(weight(1 - share), a), tf.mul(weight(share), b));
  });
}
