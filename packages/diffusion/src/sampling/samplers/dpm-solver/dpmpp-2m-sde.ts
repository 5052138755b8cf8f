import type { Plugin, Sampler } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { type AncestralOptions, ancestralShape } from "../../arithmetic/ancestral.ts";
import { dpmMultistep } from "./dpm-multistep.ts";

/** Options of {@link dpmpp2mSde}. */
export interface Dpmpp2mSdeOptions extends AncestralOptions {
  /** How the slope is weighed; "midpoint". */
  readonly solver?: "midpoint" | "heun" | undefined;
}

/**
 * SDE-DPM-Solver++(2M): {@link dpmMultistep} from two guesses, with fresh noise.
 *
 * Source: Lu et al. 2022, "DPM-Solver++", appendix D; k-diffusion `sample_dpmpp_2m_sde`.
 */
export const dpmpp2mSde: Plugin<Dpmpp2mSdeOptions, Sampler> = plugin({
  name: "dpmpp-2m-sde",
  about: "DPM-Solver++(2M) on the reverse SDE: one call, fresh noise.",
  source: "Lu et al. 2022 (DPM-Solver++), appendix D",
  options: {
    ...ancestralShape,
    solver: z.enum(["midpoint", "heun"]).default("midpoint").describe("how the slope is weighed"),
  },
  create: (options) => ({ ...dpmMultistep({ order: 2, ...options }), name: "dpmpp-2m-sde" }),
});
