import { fail } from "@ddpm/core";
import type { ActivationName } from "@ddpm/unet/authoring";

/** Ways to enlarge features in the decoder. */
export type UpsampleFn = "nearest" | "nearest-exact" | "bilinear" | "bicubic";

/** A tiny autoencoder; levels are listed in the order of the data. */
export interface TinyStructure {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly latentChannels: number;
  /** Channels of strided convolutions at the start, empty for one convolution that is not strided. */
  readonly stemChannels: readonly number[];
  readonly encoderBlockOutChannels: readonly number[];
  readonly decoderBlockOutChannels: readonly number[];
  readonly numEncoderBlocks: readonly number[];
  readonly numDecoderBlocks: readonly number[];
  readonly activation: ActivationName;
  readonly upsampleFn: UpsampleFn;
  readonly upsamplingScalingFactor: number;
  readonly midBlockNorm: boolean;
}

/**
 * Rows of an image per row of latents.
 *
 * @throws DdpmError for lists of different lengths, or a decoder that enlarges by another factor than the encoder shrinks
 */
export function tinyFactor(given: TinyStructure): number {
  const where = "autoencoder/tiny";
  for (const [side, channels, blocks] of [
    ["encoder", given.encoderBlockOutChannels, given.numEncoderBlocks],
    ["decoder", given.decoderBlockOutChannels, given.numDecoderBlocks],
  ] as const) {
    if (channels.length === blocks.length) continue;
    fail(
      where,
      `${channels.length} levels of channels and ${blocks.length} of blocks in the ${side}.`,
      "Give one of each per level.",
    );
  }
  const shrinks = 2 ** (given.stemChannels.length + given.encoderBlockOutChannels.length - 1);
  const enlarges = given.upsamplingScalingFactor ** (given.decoderBlockOutChannels.length - 1);
  if (shrinks === enlarges) return shrinks;
  return fail(
    where,
    `the encoder shrinks images by ${shrinks} and the decoder enlarges them by ${enlarges}.`,
  );
}
