import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import * as z from "zod";
import type { InputOptions } from "./input.ts";
import { headChannels, type OutputOptions } from "./output.ts";
import { positiveInteger } from "./positive-integer.ts";

/** Channels of a network as our options count them. */
export interface Channels {
  readonly channels: number;
  readonly learnsVariance: boolean;
  readonly imageChannels?: number;
  readonly outputs?: number;
}

/** How a network's first and last layer are counted: by our options, or by those of its reference. */
export interface ChannelOptions extends InputOptions, OutputOptions {
  channels?: number | undefined;
  learnsVariance?: boolean | undefined;
  inChannels?: number | undefined;
  outChannels?: number | undefined;
}

/** The options of {@link ChannelOptions} that are not shared by every network. */
export const channelOptions: {
  readonly inChannels: z.ZodOptional<z.ZodNumber>;
  readonly outChannels: z.ZodOptional<z.ZodNumber>;
  readonly channels: z.ZodOptional<z.ZodNumber>;
  readonly learnsVariance: z.ZodOptional<z.ZodBoolean>;
} = {
  inChannels: positiveInteger
    .optional()
    .describe("channels of the input, as the reference counts them: channels and imageChannels follow"),
  outChannels: positiveInteger
    .optional()
    .describe(
      "channels of the output: as inChannels; twice for a learned variance; fewer for image conditioning",
    ),
  channels: positiveInteger.optional().describe("channels of the images; 3 when left out"),
  learnsVariance: z.boolean().optional().describe("twice the channels out, the second half for the variance"),
};

/**
 * The options for the channels of a reference's first and last layer. As many out as in: a denoiser. Twice as many: one
 * that learns the variance. Fewer, or an even number between: the same two with image conditioning, whose channels come
 * after those of the noisy image. Any other number: a network whose `outputs` are not those of a denoiser; so are all
 * numbers but the first two where the network takes its own guess, which has the channels of the whole input.
 *
 * @param taken channels of the input, without a guess
 * @param made  channels of the output
 */
export function channelsOf(taken: number, made: number, takesGuess = false): Channels {
  const alone = { channels: taken, learnsVariance: false };
  if (made === taken) return alone;
  if (made === 2 * taken) return { ...alone, learnsVariance: true };
  if (takesGuess || made > 2 * taken) return { ...alone, outputs: made };
  if (made < taken) return { channels: made, learnsVariance: false, imageChannels: taken - made };
  if (made % 2 === 1) return { ...alone, outputs: made };
  return { channels: made / 2, learnsVariance: true, imageChannels: taken - made / 2 };
}

/**
 * A network's channels by its reference's counts, where they are given, or by ours.
 *
 * @param where    of the message of an error
 * @param usualOut channels of the output where only those of the input are given; default: as many
 * @throws DdpmError where both are given and contradict each other
 */
export function channelsIn(
  where: ErrorPlace,
  given: ChannelOptions,
  usualOut?: number,
): Channels & { readonly outputs: number } {
  const { outChannels, channels = 3, learnsVariance = false, imageChannels, outputs } = given;
  if (given.inChannels === undefined && outChannels === undefined) {
    const ours: Channels = {
      channels,
      learnsVariance,
      ...(imageChannels === undefined ? {} : { imageChannels }),
      ...(outputs === undefined ? {} : { outputs }),
    };
    return { ...ours, outputs: headChannels(where, ours) };
  }
  const inChannels = given.inChannels ?? channels + (imageChannels ?? 0);
  const made = outChannels ?? usualOut ?? inChannels;
  const theirs = channelsOf(inChannels, made, given.selfCondition);
  const counted = { ...theirs, outputs: headChannels(where, theirs) };
  for (const name of ["channels", "learnsVariance", "imageChannels", "outputs"] as const) {
    if (given[name] === undefined || given[name] === counted[name]) continue;
    fail(
      where,
      `${name} is ${given[name]}, but ${inChannels} inChannels and ${made} outChannels make ${counted[name] ?? "none"}.`,
      `Give either inChannels and outChannels, or ${name}.`,
    );
  }
  return counted;
}
