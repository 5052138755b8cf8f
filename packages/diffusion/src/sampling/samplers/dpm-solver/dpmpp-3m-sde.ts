import type { Plugin, Sampler } from "@ddpm/core";
import { plugin } from "../../../plugin.ts";
import { type AncestralOptions, ancestralShape } from "../../arithmetic/ancestral.ts";
import { dpmMultistep } from "./dpm-multistep.ts";

/**
 * SDE-DPM-Solver++(3M): {@link dpmMultistep} from three guesses, with fresh noise; its second-order start weighs
 * the slope as Heun does.
 *
 * Source: k-diffusion `sample_dpmpp_3m_sde`.
 */
export const dpmpp3mSde: Plugin<AncestralOptions, Sampler> = plugin({
  name: "dpmpp-3m-sde",
  about: "DPM-Solver++(3M) on the reverse SDE: one call, fresh noise.",
  source: "k-diffusion, sample_dpmpp_3m_sde",
  options: ancestralShape,
  create: (options) => ({ ...dpmMultistep({ order: 3, solver: "heun", ...options }), name: "dpmpp-3m-sde" }),
});
