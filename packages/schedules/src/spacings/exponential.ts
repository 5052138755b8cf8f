import { option, type Plugin, type Spacing } from "@ddpm/core";
import { linspace } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { type LadderOptions, ladderShape, rangeOf, timesOfSigmas } from "./ladder.ts";
import { countOf } from "./steps.ts";

/** Options of {@link exponentialSpacing}. */
export interface ExponentialSpacingOptions extends LadderOptions {
  /** Power of the ramp: larger puts more steps at low noise; 1, evenly in log-SNR. */
  readonly rho?: number | undefined;
}

/**
 * ln(sigma / alpha) runs straight from sigmaMax to sigmaMin, or along a power of a straight ramp; then 0.
 *
 * Source: k-diffusion `get_sigmas_exponential`, `get_sigmas_polyexponential` (rho); Lu et al. 2022, "uniform logSNR";
 * the VE discretisation of Karras et al. 2022, table 1.
 */
export const exponentialSpacing: Plugin<ExponentialSpacingOptions, Spacing> = plugin({
  name: "exponential",
  about: "Evenly in log-SNR; with rho, denser at low noise.",
  source: "k-diffusion sampling.py, get_sigmas_polyexponential; Lu et al. 2022, section 3.4",
  options: {
    rho: option
      .number()
      .positive()
      .default(1)
      .describe("power of the ramp: larger puts more steps at low noise"),
    ...ladderShape,
  },
  create: ({ rho, ...ends }) => ({
    name: "exponential",
    times(n, schedule) {
      countOf("schedules/exponential", n);
      const { min, max } = rangeOf("schedules/exponential", schedule, ends);
      const span = Math.log(max / min);
      const sigmas = linspace(1, 0, n).map((ramp) => Math.exp(ramp ** rho * span) * min);
      return timesOfSigmas("schedules/exponential", schedule, sigmas);
    },
  }),
});
