import { fail } from "@ddpm/core";
import { type OutputCount, outputChannels } from "@ddpm/core/authoring";
import { z } from "zod";

/** How many channels a network returns: the option shared by every network, see {@link outputOptions}. */
export interface OutputOptions {
  outputs?: number | undefined;
}

/** The option of {@link OutputOptions}, for the schema of a network. */
export const outputOptions: { readonly outputs: z.ZodOptional<z.ZodNumber> } = {
  outputs: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("channels of the output, where a denoiser's (those of the images, or twice) are not meant"),
};

/**
 * Channels that the last layer makes, by the options of {@link outputOptions}.
 *
 * @throws DdpmError where `outputs` contradicts a learned variance
 */
export function headChannels(where: string, given: OutputCount): number {
  const { channels, learnsVariance, outputs } = given;
  if (learnsVariance && outputs !== undefined && outputs !== 2 * channels) {
    fail(
      where,
      `outputs is ${outputs}, but with a learned variance ${channels} channels make ${2 * channels}.`,
      "Leave outputs out, or set learnsVariance to false.",
    );
  }
  return outputChannels(given);
}
