import { type LossWeight, logSnr, type Plugin, snr } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";

/** Options of {@link sigmoidWeight}. */
export interface SigmoidWeightOptions {
  /** b: the log-SNR at which the noise guess counts half; 2. */
  readonly bias?: number | undefined;
}

/**
 * SNR · sigmoid(b − ln SNR): the error of the noise guess counts fully where noise prevails, and falls off as SNR grows.
 *
 * Source: Kingma and Gao 2023, "Understanding Diffusion Objectives", appendix; Hoogeboom et al. 2024, "Simpler Diffusion", eq. 6.
 */
export const sigmoidWeight: Plugin<SigmoidWeightOptions, LossWeight> = plugin({
  name: "sigmoid",
  about: "The loss of the noise prediction in full where noise prevails, less as the SNR grows.",
  source: "Kingma and Gao 2023; Hoogeboom et al. 2024, eq. 6",
  options: { bias: z.number().default(2).describe("the log-SNR at which the weight is half") },
  create: ({ bias }) => ({
    name: "sigmoid",
    at: (moment) => snr(moment) / (1 + Math.exp(logSnr(moment) - bias)),
  }),
});
