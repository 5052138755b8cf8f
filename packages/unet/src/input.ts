import { type Denoiser, fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
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

/** What axes are called in errors, by their number. */
const AXIS_NAMES: Readonly<Record<number, readonly string[]>> = { 1: ["length"], 2: ["height", "width"] };

/**
 * Checks that samples have the shape that a network takes.
 *
 * @param where of the message of an error
 * @param shape [B, …, C] of the samples
 * @throws DdpmError for another number of axes or channels, other lengths than `size`, and lengths that are no multiple
 *   of `multiple`, with the nearest that fit
 */
export function checkSamples(
  where: ErrorPlace,
  { axes, channels, multiple, size }: Pick<Denoiser, "axes" | "channels" | "multiple" | "size">,
  shape: readonly number[],
): void {
  const lengths = shape.slice(1, -1);
  const fits =
    shape.length === axes + 2 && shape.at(-1) === channels && (size ?? []).every((s, i) => s === lengths[i]);
  if (!fits) {
    const expected = ["any", ...Array.from({ length: axes }, (_, i) => size?.[i] ?? "any"), channels];
    const hint = `The network takes samples with ${axes} ${axes === 1 ? "axis" : "axes"} between batch and channels.`;
    fail(
      where,
      `x has shape [${shape.join(", ")}], expected [${expected.join(", ")}].`,
      shape.length === axes + 2 ? undefined : hint,
    );
  }
  for (const [i, given] of lengths.entries()) {
    if (given % multiple === 0 && given > 0) continue;
    const below = Math.floor(given / multiple) * multiple;
    const sizes = [below, below + multiple].filter((near) => near > 0).join(" or ");
    const word = AXIS_NAMES[axes]?.[i] ?? `axis ${i + 1}`;
    fail(where, `${word} ${given} is no multiple of ${multiple}.`, `The nearest that fit: ${sizes}.`);
  }
}
