import type { Plugin, Sampler } from "@ddpm/core";
import { plugin } from "../../../plugin.ts";
import { dpmMultistep } from "./dpm-multistep.ts";

/**
 * DPM-Solver++(2M): {@link dpmMultistep} from two guesses of x̂_0 on the ODE.
 *
 * Source: Lu et al. 2022, "DPM-Solver++", algorithm 2; k-diffusion `sample_dpmpp_2m`.
 */
export const dpmpp2m: Plugin<Record<never, never>, Sampler> = plugin({
  name: "dpmpp-2m",
  about: "DPM-Solver++(2M): from the last two predictions, one call, second order.",
  source: "Lu et al. 2022 (DPM-Solver++), algorithm 2",
  options: {},
  create: () => ({ ...dpmMultistep({ order: 2 }), name: "dpmpp-2m" }),
});
