/**
 * Image autoencoders: networks, their losses, and decoding in tiles.
 *
 * @packageDocumentation
 */
export type { Autoencoder } from "@ddpm/core/authoring";
export { autoencoders } from "./autoencoders.ts";
export { commitmentLoss } from "./codebook/commitment-loss.ts";
export { straightThrough } from "./codebook/straight-through.ts";
export { klAutoencoder } from "./nets/kl.ts";
export { tinyAutoencoder } from "./nets/tiny/index.ts";
export { vqAutoencoder } from "./nets/vq.ts";
export {
  gaussianPosterior,
  klDivergence,
  negativeLogLikelihood,
  posteriorSample,
} from "./posterior/gaussian.ts";
export { tiledDecode, tiledEncode } from "./tiles/tiled.ts";
