import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { type OutputCount, outputChannels } from "@ddpm/core/authoring";
import * as z from "zod";

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

/** The same, where the option carries the name of a reference; null for the usual channels. */
interface OutDim {
  readonly outDim?: number | null | undefined;
}

/**
 * Channels that the last layer makes, by the options of {@link outputOptions}.
 *
 * @throws DdpmError where `outputs` contradicts a learned variance
 */
export function headChannels(where: ErrorPlace, given: OutputCount & OutDim): number {
  const { channels, learnsVariance } = given;
  const option = given.outputs === undefined ? "outDim" : "outputs";
  const outputs = given.outputs ?? given.outDim ?? undefined;
  if (learnsVariance && outputs !== undefined && outputs !== 2 * channels) {
    fail(
      where,
      `${option} is ${outputs}, but with a learned variance ${channels} channels make ${2 * channels}.`,
      `Leave ${option} out, or learn no variance.`,
    );
  }
  return outputChannels({ ...given, outputs });
}
