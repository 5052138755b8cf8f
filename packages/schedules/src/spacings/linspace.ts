import { option, type Plugin, type Spacing } from "@ddpm/core";
import { linspace as linear, roundHalfEven } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { stepsAbove, stepsOf, timesOfSteps } from "./steps.ts";

/** Options of {@link linspace}. */
export interface LinspaceOptions {
  /** Round to whole steps: halves to the even step, or to the odd one; `none` keeps fractions. `even`. */
  readonly round?: "even" | "odd" | "none" | undefined;
  /** Space n + 1 steps and leave out the cleanest, as diffusers' DPM-Solver, UniPC and DEIS do. */
  readonly skipLast?: boolean | undefined;
  /** Start no noisier than this half-log-SNR; −∞. */
  readonly lambdaMin?: number | undefined;
}

const ROUND = {
  even: roundHalfEven,
  odd: (step: number): number => roundHalfEven(step + 1) - 1,
  none: (step: number): number => step,
} as const;

/**
 * n steps from T − 1 to 0, both included.
 *
 * Source: diffusers `linspace` (not rounded in its Euler, Heun, LMS and DPM2 schedulers); with `round: "odd"` and
 * lambdaMin = −ln(sigmaMax) the iDDPM discretisation of Karras et al. 2022, table 1, on the cosine schedule.
 */
export const linspace: Plugin<LinspaceOptions, Spacing> = plugin({
  name: "linspace",
  about: "Evenly from the noisiest step to the cleanest, both included.",
  source: "diffusers timestep_spacing linspace; Nichol and Dhariwal 2021",
  options: {
    round: option
      .choice(["even", "odd", "none"])
      .default("even")
      .describe("whole steps: halves to even or odd"),
    skipLast: option.boolean().default(false).describe("space n + 1 steps and leave out the cleanest"),
    lambdaMin: option
      .number()
      .default(Number.NEGATIVE_INFINITY)
      .describe("start no noisier than this half-log-SNR"),
  },
  create: ({ round, skipLast, lambdaMin }) => ({
    name: "linspace",
    times(n, schedule) {
      const steps = stepsOf("schedules/linspace", n, schedule);
      const top = stepsAbove("schedules/linspace", schedule, steps, lambdaMin) - 1;
      const rising = [...linear(0, top, skipLast ? n + 1 : n)].map(ROUND[round]);
      return timesOfSteps("schedules/linspace", rising.reverse().slice(0, n), steps);
    },
  }),
});
