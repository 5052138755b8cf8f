import type { Plugin, Sampler } from "@ddpm/core";
import { plugin } from "../../../plugin.ts";
import { type AncestralOptions, ancestralShape } from "../../arithmetic/ancestral.ts";
import { ddim } from "../posterior/ddim.ts";

/**
 * Euler steps that overshoot and come back with fresh noise: {@link ddim} with η = 1.
 *
 * Source: k-diffusion, `sample_euler_ancestral`; Song et al. 2020 (DDIM), eq. 16.
 */
export const eulerAncestral: Plugin<AncestralOptions, Sampler> = plugin({
  name: "euler-ancestral",
  about: "Euler steps with ancestral noise: DDIM with eta = 1.",
  source: "k-diffusion, sample_euler_ancestral",
  options: ancestralShape,
  create: (options) => ({ ...ddim(options), name: "euler-ancestral" }),
});
