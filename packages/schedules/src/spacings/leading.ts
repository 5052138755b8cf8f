import { option, type Plugin, type Spacing } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { stepsAbove, stepsOf, timesOfSteps } from "./steps.ts";

/** Options of {@link leading}. */
export interface LeadingOptions {
  /** Added to every step (`steps_offset` of diffusers); 0. */
  readonly offset?: number | undefined;
  /** Space n + 1 steps and leave out the cleanest, as diffusers' DPM-Solver, UniPC and DEIS do. */
  readonly skipLast?: boolean | undefined;
  /** Start no noisier than this half-log-SNR; −∞. */
  readonly lambdaMin?: number | undefined;
}

/**
 * Steps 0, r, 2r … with r = ⌊T / n⌋, from the top: never the noisiest step.
 *
 * Source: Song et al. 2020 (DDIM) code, `uniform`; diffusers `leading`.
 */
export const leading: Plugin<LeadingOptions, Spacing> = plugin({
  name: "leading",
  about: "Whole strides from step 0 up; leaves out the noisiest step.",
  source: "diffusers timestep_spacing leading; Lin et al. 2024, table 2",
  options: {
    offset: option.number().int().min(0).default(0).describe("added to every step"),
    skipLast: option.boolean().default(false).describe("space n + 1 steps and leave out the cleanest"),
    lambdaMin: option
      .number()
      .default(Number.NEGATIVE_INFINITY)
      .describe("start no noisier than this half-log-SNR"),
  },
  create: ({ offset, skipLast, lambdaMin }) => ({
    name: "leading",
    times(n, schedule) {
      const steps = stepsOf("schedules/leading", n, schedule);
      const extra = skipLast ? 1 : 0;
      const usable = stepsAbove("schedules/leading", schedule, steps, lambdaMin);
      const stride = Math.floor(usable / (n + extra));
      const picked = Array.from({ length: n }, (_, i) => (n - 1 - i + extra) * stride + offset);
      return timesOfSteps("schedules/leading", picked, steps);
    },
  }),
});
