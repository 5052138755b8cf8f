/**
 * For autoencoders of your own: their layers and parts.
 *
 * @packageDocumentation
 */
export { type AutoencoderNetwork, autoencoderFrom } from "./autoencoder-from.ts";
export type { CommitmentLossOptions } from "./codebook/commitment-loss.ts";
export { nearestRows, rowsAt } from "./codebook/rows.ts";
export { latentBytes, latentsOfBytes, latentsOfUnit, unitLatents } from "./latent-space/bytes.ts";
export type { LatentSpaceOptions } from "./latent-space/latent-space.ts";
export { type LatentStatistics, measureEncoded } from "./latent-space/measure-latents.ts";
export type { LatentScaling } from "./latent-space/scaling.ts";
export { attentionBlock } from "./layers/attention-block.ts";
export { type Block, recomputableBlock } from "./layers/block.ts";
export { groupNorms, type MakeNorm, type Norm, spatialNorms } from "./layers/norms.ts";
export { type ResidualBlockOptions, residualBlock } from "./layers/residual-block.ts";
export type { KlAutoencoderOptions } from "./nets/kl.ts";
export type { DownEncoderType, LevelOptions, UpDecoderType } from "./nets/levels/options.ts";
export type { TinyAutoencoderOptions } from "./nets/tiny/index.ts";
export type { UpsampleFn } from "./nets/tiny/structure.ts";
export type { VqAutoencoderOptions } from "./nets/vq.ts";
export { imageNetwork } from "./objective/reconstruct.ts";
export type { ReconstructionInputs, ReconstructionOptions } from "./objective/reconstruction.ts";
export { type GaussianPosterior, posteriorDeviation } from "./posterior/gaussian.ts";
export type { Tiling } from "./tiles/grid.ts";
