import type { LossWeight, Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";

/** Options of {@link softMinSnr}. */
export interface SoftMinSnrOptions {
  /** The SNR around which the weight levels off; 4, i.e. 1 / σ_data² for σ_data = ½. */
  readonly gamma?: number | undefined;
}

/**
 * γ SNR / (SNR + γ): min-SNR without its kink.
 *
 * Source: Crowson et al. 2024, "Hourglass Diffusion Transformers", eq. 13; k-diffusion `_weighting_soft_min_snr`.
 */
export const softMinSnr: Plugin<SoftMinSnrOptions, LossWeight> = plugin({
  name: "soft-min-snr",
  about: "Min-SNR without its kink.",
  source: "Crowson et al. 2024, eq. 13",
  options: { gamma: z.number().positive().default(4).describe("the SNR around which the weight levels off") },
  create: ({ gamma }) => ({
    name: "soft-min-snr",
    at: ({ alpha, sigma }) => 1 / ((sigma / alpha) ** 2 + 1 / gamma),
  }),
});
