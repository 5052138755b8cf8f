import {
  momentAt,
  type NoiseLevel,
  type NoiseSchedule,
  type Plugin,
  type Prediction,
  type Sampler,
} from "@ddpm/core";
import { CLEAN_BELOW, noSignal } from "@ddpm/core/authoring";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { type ChurnOptions, churned, churnShape } from "../../arithmetic/churn.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { epsTerms, moveTo, predict } from "../../prediction.ts";

/** Options of {@link odeTime}. */
export interface OdeTimeOptions extends ChurnOptions {
  /** Where the second guess is made, as a share of the step: 1 Heun, ½ midpoint; 0 takes one guess, Euler's; 1. */
  readonly second?: number | undefined;
}

/**
 * alpha′ and sigma′ by three-point differences in float64: central, backward at t = 1, or forward where the schedule's
 * formula ends at {@link CLEAN_BELOW}.
 */
function slopes(schedule: NoiseSchedule, t: number): NoiseLevel {
  const first = t * (1 - 1e-5) < CLEAN_BELOW;
  const reach = first ? 1e-9 : t * 1e-5;
  const back = t + reach > 1;
  const at = first
    ? [t, t + reach, t + 2 * reach]
    : back
      ? [t, t - reach, t - 2 * reach]
      : [t + reach, t, t - reach];
  const weights = first ? [-1.5, 2, -0.5] : back ? [1.5, -2, 0.5] : [0.5, 0, -0.5];
  const levels = at.map((time) => schedule.at(time));
  const slope = (part: "alpha" | "sigma") =>
    levels.reduce((sum, level, i) => sum + weights[i]! * level[part], 0) / reach;
  return { alpha: slope("alpha"), sigma: slope("sigma") };
}

/**
 * Euler's or a two-stage Runge–Kutta method on the probability-flow ODE in the schedule's own time,
 * dx/dt = (alpha′ / alpha) x + (sigma′ − alpha′ sigma / alpha) ε̂, as papers wrote it before Karras et al. took the noise
 * level for time; after an optional rise in noise. Made for schedules with a smooth `at(t)`; the last step into sigma = 0 is Euler's.
 * A step out of alpha = 0, or inside the straight line to clean data below {@link CLEAN_BELOW}, is DDIM's.
 *
 * Source: Song et al. 2021, "Score-Based Generative Modeling", eq. 13; Karras et al. 2022, eq. 81 and algorithm 3.
 */
export const odeTime: Plugin<OdeTimeOptions, Sampler> = plugin({
  name: "ode-time",
  about: "Euler or two-stage Runge–Kutta in the schedule's own time.",
  source: "Song et al. 2021, eq. 13; Karras et al. 2022, eq. 81 and algorithm 3",
  options: {
    ...churnShape,
    second: z.number().min(0).max(1).default(1).describe("where the second prediction is made; 0: none"),
  },
  create: ({ second, ...churn }) => {
    const calls = second === 0 ? 1 : 2;
    return {
      name: "ode-time",
      order: churn.churn > 0 ? 0 : calls,
      calls,
      step(input) {
        const { to, denoise, schedule } = input;
        const { x, from } = churned(input, churn);
        const prediction = predict(x, from, denoise);
        if (noSignal(from) || from.t <= CLEAN_BELOW) return { x: moveTo(prediction, to), prediction };
        const slope = (guess: Prediction, weight: number, place: readonly Term[]): Term[] => {
          const { alpha, sigma } = slopes(schedule, guess.at.t);
          const growth = alpha / guess.at.alpha;
          const turn = epsTerms(guess, weight * (sigma - growth * guess.at.sigma), place);
          return [...place.map(([factor, tensor]): Term => [weight * growth * factor, tensor]), ...turn];
        };
        const here: Term = [1, x];
        const length = to.t - from.t;
        if (second === 0 || to.sigma === 0 || noSignal(to)) {
          return { x: combine(here, ...slope(prediction, length, [here])), prediction };
        }
        const stage = second === 1 ? to : momentAt(schedule, from.t + second * length);
        const there = [here, ...slope(prediction, second * length, [here])];
        const other = predict(combine(...there), stage, denoise);
        const late = length / (2 * second);
        const terms = [...slope(prediction, length - late, [here]), ...slope(other, late, there)];
        return { x: combine(here, ...terms), prediction };
      },
    };
  },
});
