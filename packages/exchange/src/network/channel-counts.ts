import { type OutputCount, outputChannels } from "@ddpm/core/authoring";

/** The options that decide the channels of a network's first and last layer. */
export interface ChannelOptions extends OutputCount {
  readonly imageChannels?: number | undefined;
  readonly selfCondition?: boolean | undefined;
}

/** Channels of a network's input, without its own guess, and of its output, as references count them. */
export function channelCounts(given: ChannelOptions): { readonly taken: number; readonly made: number } {
  return { taken: given.channels + (given.imageChannels ?? 0), made: outputChannels(given) };
}

/**
 * Counts of channels instead of the options that they follow from: which channels are the noisy image, the condition image or
 * the variance does not change the network. A guess has the channels of the noisy image, so with one these stay.
 */
export function resolvedChannels(given: ChannelOptions): object {
  const { taken, made } = channelCounts(given);
  const counts = {
    inputChannels: taken,
    outputChannels: made,
    learnsVariance: undefined,
    outputs: undefined,
  };
  return given.selfCondition ? counts : { ...counts, channels: undefined, imageChannels: undefined };
}

/** The `out_dim` of references that leave it null where the output has the usual channels, `usual` times the input's. */
export function outDim(given: ChannelOptions, usual = 1): number | null {
  const { taken, made } = channelCounts(given);
  return made === usual * taken ? null : made;
}
