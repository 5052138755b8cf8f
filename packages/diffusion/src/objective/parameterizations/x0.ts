import type { Parameterization, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { networkNoise, type TimeInput, timeInputShape } from "./network-noise.ts";

/**
 * The network returns the clean image: x̂_0 = F.
 *
 * Source: Ho et al. 2020, section 3.2; Salimans and Ho 2022, section 4.
 */
export const x0: Plugin<TimeInput, Parameterization> = plugin({
  name: "x0",
  about: "The network returns the clean image.",
  source: "Ho et al. 2020, section 3.2; Salimans and Ho 2022, section 4",
  options: timeInputShape,
  create: (time) => ({
    name: "x0",
    at: (moment, schedule) => ({ skip: 0, out: 1, in: 1, noise: networkNoise(moment, schedule, time) }),
  }),
});
