import { type LossWeight, type Plugin, snr } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";

/** Options of {@link minSnr}. */
export interface MinSnrOptions {
  /** The SNR from which on all levels count alike; 5. */
  readonly gamma?: number | undefined;
}

/**
 * min(SNR, γ) on ‖x̂_0 − x_0‖²: nearly clean images no longer outweigh the rest.
 *
 * Source: Hang et al. 2023, "Efficient Diffusion Training via Min-SNR Weighting Strategy", section 3.4.
 */
export const minSnr: Plugin<MinSnrOptions, LossWeight> = plugin({
  name: "min-snr",
  about: "SNR, cut at γ: nearly clean images no longer outweigh the rest.",
  source: "Hang et al. 2023, section 3.4",
  options: {
    gamma: z.number().positive().default(5).describe("the SNR above which all levels have the same weight"),
  },
  create: ({ gamma }) => ({ name: "min-snr", at: (moment) => Math.min(snr(moment), gamma) }),
});
