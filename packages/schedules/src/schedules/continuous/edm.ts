import { fail, type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";

/** Options of {@link edm}. */
export interface EdmOptions {
  /** sigma at t = 1; 80. */
  readonly sigmaMax?: number | undefined;
}

/**
 * alpha = 1 and sigma = 80 t: time is noise.
 *
 * Source: Karras et al. 2022, table 1, whose time runs to 80 instead of 1. Sample it with the spacing karras.
 */
export const edm: Plugin<EdmOptions, NoiseSchedule> = plugin({
  name: "edm",
  about: "sigma = sigmaMax · t, the image is not scaled.",
  source: "Karras et al. 2022, table 1",
  options: { sigmaMax: option.number().positive().default(80).describe("sigma at t = 1") },
  create: ({ sigmaMax }) => ({
    name: "edm",
    at(t) {
      if (!(t >= 0 && t <= 1)) fail("schedules/edm", `time ${t} given, expected a number in [0, 1].`);
      return { alpha: 1, sigma: sigmaMax * t };
    },
    timeAt: (lambda) => Math.min(Math.exp(-lambda) / sigmaMax, 1),
  }),
});
