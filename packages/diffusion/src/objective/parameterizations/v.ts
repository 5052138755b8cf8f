import type { Parameterization, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { networkNoise, type TimeInput, timeInputShape } from "./network-noise.ts";

/**
 * The network returns v = alpha · ε − sigma · x_0, so x̂_0 = (alpha · x − sigma · F) / (alpha² + sigma²): defined at
 * every level, also without any signal.
 *
 * Source: Salimans and Ho 2022, appendix D, for alpha² + sigma² = 1.
 */
export const v: Plugin<TimeInput, Parameterization> = plugin({
  name: "v",
  about: "The network returns alpha · ε − sigma · x_0; also defined where no signal is left.",
  source: "Salimans and Ho 2022, appendix D",
  options: timeInputShape,
  create: (time) => ({
    name: "v",
    at(moment, schedule) {
      const { alpha, sigma } = moment;
      const total = alpha ** 2 + sigma ** 2;
      return {
        skip: alpha / total,
        out: -sigma / total,
        in: 1,
        noise: networkNoise(moment, schedule, time),
      };
    },
  }),
});
