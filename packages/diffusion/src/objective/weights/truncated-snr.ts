import { type LossWeight, type Plugin, snr } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";

/** Options of {@link truncatedSnr}. */
export interface TruncatedSnrOptions {
  /** Lowest weight; 1. */
  readonly floor?: number | undefined;
}

/**
 * max(SNR, 1): SNR, but the noisiest levels count too.
 *
 * Source: Salimans and Ho 2022, "Progressive Distillation", section 4.
 */
export const truncatedSnr: Plugin<TruncatedSnrOptions, LossWeight> = plugin({
  name: "truncated-snr",
  about: "SNR, but the noisiest levels count too.",
  source: "Salimans and Ho 2022, section 4",
  options: { floor: z.number().positive().default(1).describe("lowest weight") },
  create: ({ floor }) => ({ name: "truncated-snr", at: (moment) => Math.max(snr(moment), floor) }),
});
