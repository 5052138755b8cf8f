import * as z from "zod";

/** What a network may receive besides the noisy image: options shared by every U-Net, see {@link inputOptions}. */
export interface InputOptions {
  imageChannels?: number | undefined;
  selfCondition?: boolean | undefined;
}

/** The options of {@link InputOptions}, for the schema of a network. */
export const inputOptions: {
  readonly imageChannels: z.ZodOptional<z.ZodNumber>;
  readonly selfCondition: z.ZodDefault<z.ZodBoolean>;
} = {
  imageChannels: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("channels of a condition image, of the same size, concatenated to the input"),
  selfCondition: z
    .boolean()
    .default(false)
    .describe("receives its own earlier prediction of the clean images"),
};

/** The fields of a `Network` that these options decide. */
export function inputsOf(given: InputOptions): { imageChannels?: number; takesGuess?: boolean } {
  const { imageChannels, selfCondition } = given;
  return { ...(imageChannels ? { imageChannels } : {}), ...(selfCondition ? { takesGuess: true } : {}) };
}

/**
 * Channels that the first convolution takes, by the options of {@link inputOptions}: guess, noisy image, condition image.
 *
 * Source: Chen et al. 2022, "Analog Bits", section 2.2 (the guess); Saharia et al. 2021, "Image Super-Resolution via
 * Iterative Refinement", section 2.3 (the image).
 */
export function inputChannels({
  channels,
  imageChannels = 0,
  selfCondition = false,
}: InputOptions & { readonly channels: number }): number {
  return (selfCondition ? 2 : 1) * channels + imageChannels;
}
