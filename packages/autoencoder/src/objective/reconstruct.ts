import type { Denoiser, Params } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import type * as tf from "@tensorflow/tfjs-core";
import { gaussianPosterior } from "../posterior/gaussian.ts";

/**
 * Images through the autoencoder and back, without noise: means of latents, or their nearest codes.
 *
 * @param x [B, H, W, channels] in [−1, 1]
 * @returns [B, H, W, outputs], not clipped
 */
export function reconstruct(autoencoder: Autoencoder, params: Params, x: tf.Tensor4D): tf.Tensor4D {
  const encoded = autoencoder.encode(params, x);
  return autoencoder.decode(params, autoencoder.gaussian ? gaussianPosterior(encoded).mean : encoded);
}

/** An autoencoder as a network from images to images, for all that asks a network for its weights and the images it takes. */
export function imageNetwork(autoencoder: Autoencoder): Denoiser {
  const { name, specs, channels, factor, outputs } = autoencoder;
  return {
    ...{ name, specs, channels, outputs, axes: 2, multiple: factor },
    init: (random) => autoencoder.init(random),
    apply: (params, x) => reconstruct(autoencoder, params, x as tf.Tensor4D),
  };
}
