/**
 * Image autoencoders: networks, their losses, decoding in tiles, and the latent space as a value.
 *
 * @packageDocumentation
 */
export type { Autoencoder, LatentSpace } from "@ddpm/core/authoring";
export { autoencoders } from "./autoencoders.ts";
export { commitmentLoss } from "./codebook/commitment-loss.ts";
export { straightThrough } from "./codebook/straight-through.ts";
export { latentSpace } from "./latent-space/latent-space.ts";
export { measureLatents } from "./latent-space/measure-latents.ts";
export { klAutoencoder } from "./nets/kl.ts";
export { tinyAutoencoder } from "./nets/tiny/index.ts";
export { vqAutoencoder } from "./nets/vq.ts";
export { reconstruct } from "./objective/reconstruct.ts";
export { reconstruction } from "./objective/reconstruction.ts";
export {
  gaussianPosterior,
  klDivergence,
  negativeLogLikelihood,
  posteriorSample,
} from "./posterior/gaussian.ts";
export { gaussianEntropy, standardNormalLogDensity } from "./posterior/standard-normal.ts";
export { tiledDecode, tiledEncode } from "./tiles/tiled.ts";
