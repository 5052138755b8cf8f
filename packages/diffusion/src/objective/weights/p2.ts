import { type LossWeight, type Plugin, snr } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";

/** Options of {@link p2}. */
export interface P2Options {
  /** γ: how strongly nearly clean levels count less; 1. */
  readonly gamma?: number | undefined;
  /** k: keeps the weight finite; 1. */
  readonly k?: number | undefined;
}

/**
 * SNR / (k + SNR)^γ: the error of the noise guess counts less where only details are left to learn.
 *
 * Source: Choi et al. 2022, "Perception Prioritized Training of Diffusion Models", eq. 8.
 */
export const p2: Plugin<P2Options, LossWeight> = plugin({
  name: "p2",
  about: "Counts levels less where only details are left to learn.",
  source: "Choi et al. 2022, eq. 8",
  options: {
    gamma: z.number().min(0).default(1).describe("how strongly nearly clean levels count less"),
    k: z.number().positive().default(1).describe("keeps the weight finite"),
  },
  create: ({ gamma, k }) => ({ name: "p2", at: (moment) => snr(moment) / (k + snr(moment)) ** gamma }),
});
