import {
  type Moment,
  momentAt,
  type NoiseSchedule,
  type Plugin,
  type Sampler,
  timeAtHalfLogSnr,
} from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { type ChurnOptions, churned, churnShape } from "../../arithmetic/churn.ts";
import { combine } from "../../arithmetic/combine.ts";
import { edgeStep } from "../../arithmetic/edge-step.ts";
import { epsTerms, moveTerms, moveTo, predict } from "../../prediction.ts";

/** Options of {@link heun}. */
export interface HeunOptions extends ChurnOptions {
  /** How far along the step the second guess is made: 1 Heun, ½ midpoint, ⅔ Ralston; 1. */
  readonly second?: number | undefined;
}

/**
 * Two-stage Runge–Kutta in z = x / alpha over u = sigma / alpha, where the probability-flow ODE reads dz/du = ε̂; after
 * an optional rise in noise. Steps out of infinite u or into u = 0 are Euler's.
 *
 * Source: Karras et al. 2022, algorithms 1 and 2; the second stage's place algorithm 3.
 */
export const heun: Plugin<HeunOptions, Sampler> = plugin({
  name: "heun",
  about: "Euler's step, then the mean of both ends: two calls, second order; churn adds noise before.",
  source: "Karras et al. 2022, algorithms 1 to 3",
  options: {
    ...churnShape,
    second: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe("how far along the step the second prediction is made"),
  },
  create: (options) => ({
    name: "heun",
    order: options.churn > 0 ? 0 : 2,
    calls: 2,
    step(input) {
      const { to, denoise, schedule } = input;
      const { x, from } = churned(input, options);
      const prediction = predict(x, from, denoise);
      if (edgeStep(from, to)) return { x: moveTo(prediction, to), prediction };
      const stage = along(schedule, from, to, options.second);
      const there = moveTerms(prediction, stage);
      const other = predict(combine(...there), stage, denoise);
      const ratio = to.alpha / from.alpha;
      const length = to.sigma - ratio * from.sigma;
      const weight = length / (2 * options.second);
      const slopes = [...epsTerms(prediction, length - weight), ...epsTerms(other, weight, there)];
      return { x: combine([ratio, x], ...slopes), prediction };
    },
  }),
});

/** The moment a share of the way in u; exactly the end at 1. */
function along(schedule: NoiseSchedule, from: Moment, to: Moment, share: number): Moment {
  if (share === 1) return to;
  const [start, end] = [from.sigma / from.alpha, to.sigma / to.alpha];
  return momentAt(schedule, timeAtHalfLogSnr(schedule, -Math.log(start + share * (end - start))));
}
