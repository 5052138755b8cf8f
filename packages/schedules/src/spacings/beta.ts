import { option, type Plugin, type Spacing } from "@ddpm/core";
import { betaQuantile } from "../numbers/beta-quantile.ts";
import { linspace } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { type LadderOptions, ladderShape, rangeOf, timesOfSigmas } from "./ladder.ts";
import { countOf } from "./steps.ts";

/** Options of {@link betaSpacing}. */
export interface BetaSpacingOptions extends LadderOptions {
  /** First shape of the distribution; 0.6. */
  readonly a?: number | undefined;
  /** Second shape of the distribution; 0.6. */
  readonly b?: number | undefined;
}

/**
 * sigma / alpha at even quantiles of a Beta distribution between sigmaMin and sigmaMax: dense at both ends.
 *
 * Source: Lee et al. 2024 (Beta Sampling is All You Need); diffusers `use_beta_sigmas`.
 */
export const betaSpacing: Plugin<BetaSpacingOptions, Spacing> = plugin({
  name: "beta",
  about: "Noise levels at the quantiles of a Beta distribution: dense at both ends.",
  source: "Lee et al. 2024; diffusers use_beta_sigmas",
  options: {
    a: option.number().positive().default(0.6).describe("first shape of the distribution"),
    b: option.number().positive().default(0.6).describe("second shape of the distribution"),
    ...ladderShape,
  },
  create: ({ a, b, ...ends }) => ({
    name: "beta",
    times(n, schedule) {
      countOf("schedules/beta", n);
      const { min, max } = rangeOf("schedules/beta", schedule, ends);
      const sigmas = linspace(0, 1, n).map((p) => min + betaQuantile(1 - p, a, b) * (max - min));
      return timesOfSigmas("schedules/beta", schedule, sigmas);
    },
  }),
});
