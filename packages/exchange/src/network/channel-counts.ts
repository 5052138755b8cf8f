import { type ChannelOptions, type Channels, channelsIn } from "@ddpm/unet/authoring";

/** Channels of a network's input, without its own guess, and of its output, as references count them. */
export function channelCounts(given: ChannelOptions): { readonly taken: number; readonly made: number } {
  const { channels, imageChannels = 0, outputs } = channelsIn("exchange/network", given);
  return { taken: channels + imageChannels, made: outputs };
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
    inChannels: undefined,
    outChannels: undefined,
  };
  return given.selfCondition ? counts : { ...counts, channels: undefined, imageChannels: undefined };
}

/** Options of networks whose references have `out_dim` for the channels of the output, null for the usual ones. */
interface OutDimOptions extends ChannelOptions {
  readonly outDim?: number | null | undefined;
}

/** The `out_dim` of references that leave it null where the output has the usual channels, `usual` times the input's. */
export function outDim(given: OutDimOptions, usual = 1): number | null {
  const { taken, made } = channelCounts(withoutOutDim(given));
  return made === usual * taken ? null : made;
}

/** Such options with the name that networks share. */
export function withoutOutDim<Given extends OutDimOptions>({
  outDim,
  ...rest
}: Given): Omit<Given, "outDim"> & { readonly outDim: undefined; readonly outputs: number | undefined } {
  return { ...rest, outDim: undefined, outputs: outDim ?? undefined };
}

/** Channels as such networks' options. */
export function withOutDim({
  outputs,
  ...rest
}: Channels): Omit<Channels, "outputs"> & { readonly outDim?: number } {
  return { ...rest, ...(outputs === undefined ? {} : { outDim: outputs }) };
}
