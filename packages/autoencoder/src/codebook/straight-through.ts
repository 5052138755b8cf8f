import { expectShape } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * The codes in the forward pass; in the backward pass, latents receive the codes' gradient unchanged, and codes none.
 *
 * Source: van den Oord et al. 2017, section 3.2; Bengio et al. 2013.
 */
export function straightThrough(latents: tf.Tensor4D, codes: tf.Tensor4D): tf.Tensor4D {
  expectShape("autoencoder/codebook", "codes", codes.shape, latents.shape);
  return tf.customGrad((...given) => {
    const [z, q] = given as unknown as [tf.Tensor, tf.Tensor];
    return {
      value: tf.add(z, tf.sub(q, z)),
      gradFunc: (dy: tf.Tensor) => [tf.clone(dy), tf.zerosLike(dy)],
    };
  })(latents, codes) as tf.Tensor4D;
}
