import { type Plugin, plugin, type Sampler } from "@ddpm/core";
import { z } from "zod";
import { ddim } from "./ddim.ts";

/** Options of {@link eulerAncestral}. */
export interface EulerAncestralOptions {
  /** Share of ancestral noise, 0 … 1; 1. */
  readonly eta?: number | undefined;
}

/**
 * Euler steps that overshoot and come back with fresh noise: {@link ddim} with η = 1.
 *
 * Source: k-diffusion, `sample_euler_ancestral`; Song et al. 2020 (DDIM), eq. 16.
 */
export const eulerAncestral: Plugin<EulerAncestralOptions, Sampler> = plugin({
  name: "euler-ancestral",
  about: "Euler steps with ancestral noise: DDIM with eta = 1.",
  source: "k-diffusion, sample_euler_ancestral",
  options: { eta: z.number().min(0).max(1).default(1).describe("share of ancestral noise, 0 … 1") },
  create: (options) => ({ ...ddim(options), name: "euler-ancestral" }),
});
