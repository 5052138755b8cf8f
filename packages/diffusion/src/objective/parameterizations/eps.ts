import { fail, type Parameterization, type Plugin } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import { plugin } from "../../plugin.ts";
import { networkNoise, type TimeInput, timeInputShape } from "./network-noise.ts";

/**
 * The network returns the noise: x̂_0 = (x − sigma · F) / alpha.
 *
 * Source: Ho et al. 2020, eq. 14.
 */
export const eps: Plugin<TimeInput, Parameterization> = plugin({
  name: "eps",
  about: "The network returns the noise that was added.",
  source: "Ho et al. 2020, eq. 14",
  options: timeInputShape,
  create: (time) => ({
    name: "eps",
    at(moment, schedule) {
      const { alpha, sigma, t } = moment;
      if (noSignal({ alpha, sigma })) {
        fail(
          "diffusion/eps",
          `at t = ${t} of ${schedule.name} no signal is left: the noise says nothing about the image there.`,
          "Train with v or x0, or take a schedule that keeps some signal.",
        );
      }
      return {
        skip: 1 / alpha,
        out: -sigma / alpha,
        in: 1,
        noise: networkNoise(moment, schedule, time),
      };
    },
  }),
});
