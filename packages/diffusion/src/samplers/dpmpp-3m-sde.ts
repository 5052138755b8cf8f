import { type Plugin, plugin, type Sampler } from "@ddpm/core";
import { z } from "zod";
import { dpmMultistep } from "./dpm-multistep.ts";

/** Options of {@link dpmpp3mSde}. */
export interface Dpmpp3mSdeOptions {
  /** Share of fresh noise; 1. */
  readonly eta?: number | undefined;
}

/**
 * SDE-DPM-Solver++(3M): {@link dpmMultistep} from three guesses, with fresh noise; its second-order start weighs
 * the slope as Heun does.
 *
 * Source: k-diffusion `sample_dpmpp_3m_sde`.
 */
export const dpmpp3mSde: Plugin<Dpmpp3mSdeOptions, Sampler> = plugin({
  name: "dpmpp-3m-sde",
  about: "DPM-Solver++(3M) on the reverse SDE: one call, fresh noise.",
  source: "k-diffusion, sample_dpmpp_3m_sde",
  options: { eta: z.number().gt(0).max(1).default(1).describe("share of fresh noise") },
  create: (options) => ({ ...dpmMultistep({ order: 3, solver: "heun", ...options }), name: "dpmpp-3m-sde" }),
});
