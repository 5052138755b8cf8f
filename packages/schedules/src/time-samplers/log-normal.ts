import { option, type Plugin, type TimeSampler, timeAtHalfLogSnr } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { drawEach } from "./draw.ts";

/** Options of {@link logNormal}. */
export interface LogNormalOptions {
  /** Mean of ln(sigma / alpha), P_mean; −1.2. */
  readonly mean?: number | undefined;
  /** Standard deviation of ln(sigma / alpha), P_std; 1.2. */
  readonly deviation?: number | undefined;
}

/**
 * ln(sigma / alpha) is normal: training looks most at middle noise. Levels beyond the schedule count as its end, and
 * on a chain times between steps are drawn as well.
 *
 * Source: Karras et al. 2022, table 1 (−1.2 and 1.2).
 */
export const logNormal: Plugin<LogNormalOptions, TimeSampler> = plugin({
  name: "log-normal",
  about: "sigma / alpha is log-normal: most training at middle noise.",
  source: "Karras et al. 2022, table 1",
  options: {
    mean: option.number().default(-1.2).describe("mean of ln(sigma / alpha)"),
    deviation: option.number().positive().default(1.2).describe("standard deviation of ln(sigma / alpha)"),
  },
  create: ({ mean, deviation }) => ({
    name: "log-normal",
    draw: (images, random, schedule) =>
      drawEach(images, random, (own) => timeAtHalfLogSnr(schedule, -(mean + deviation * own.normal()))),
  }),
});
