import { fail, option, type Plugin, type Spacing } from "@ddpm/core";
import { roundHalfEven } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { stepsAbove, stepsOf, timesOfSteps } from "./steps.ts";

/** Options of {@link trailing}. */
export interface TrailingOptions {
  /** Start no noisier than this half-log-SNR; −∞. */
  readonly lambdaMin?: number | undefined;
}

/**
 * Steps T − 1, T − 1 − r … with r = T / n, rounded: always the noisiest step, so right for schedules
 * without signal at the end.
 *
 * Source: Lin et al. 2024, table 2; diffusers `trailing`.
 */
export const trailing: Plugin<TrailingOptions, Spacing> = plugin({
  name: "trailing",
  about: "Even strides from the noisiest step down.",
  source: "Lin et al. 2024, table 2; diffusers timestep_spacing trailing",
  options: {
    lambdaMin: option
      .number()
      .default(Number.NEGATIVE_INFINITY)
      .describe("start no noisier than this half-log-SNR"),
  },
  create: ({ lambdaMin }) => ({
    name: "trailing",
    times(n, schedule) {
      const where = "schedules/trailing";
      const steps = stepsOf(where, n, schedule);
      const first = stepsAbove(where, schedule, steps, lambdaMin);
      // numpy.arange(first, 0, −T / n) adds multiples of the difference of its first two numbers.
      const stride = first - (first - steps / n);
      const count = Math.ceil((first * n) / steps);
      if (count < n) {
        fail(where, `only ${count} of ${n} steps are cleaner than half-log-SNR ${lambdaMin}.`);
      }
      const picked = Array.from({ length: n }, (_, i) => roundHalfEven(first - i * stride) - 1);
      return timesOfSteps(where, picked, steps);
    },
  }),
});
