import { expectShape } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Spherical interpolation of noise, image by image: unlike a straight mean it keeps the length that noise has. Encode
 * images with deterministic DDIM up to t = 1, interpolate, and sample down again.
 *
 * Source: Shoemake 1985; Song et al. 2020 (DDIM), appendix D.5.
 *
 * @param a     [B, H, W, C]
 * @param b     [B, H, W, C]
 * @param share 0 gives a, 1 gives b
 * @returns     [B, H, W, C]; where a and b point the same way, the straight mean
 */
export function slerp(a: tf.Tensor4D, b: tf.Tensor4D, share: number): tf.Tensor4D {
  expectShape("diffusion/slerp", "b", b.shape, a.shape);
  return tf.tidy(() => {
    const product = (x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.mul(x, y), [1, 2, 3], true);
    const lengths = tf.sqrt(tf.mul(product(a, a), product(b, b)));
    const angle = tf.acos(tf.clipByValue(tf.div(product(a, b), lengths), -1, 1));
    const sine = tf.sin(angle);
    const weight = (part: number) =>
      tf.where(tf.less(sine, 1e-4), tf.fill(sine.shape, part), tf.div(tf.sin(tf.mul(angle, part)), sine));
    return tf.add(tf.mul(weight(1 - share), a), tf.mul(weight(share), b)) as tf.Tensor4D;
  });
}
