import {
  type Moment,
  momentAt,
  type NoiseLevel,
  type NoiseSchedule,
  type Plugin,
  plugin,
  type Sampler,
} from "@ddpm/core";
import { z } from "zod";
import { combine, type Term } from "../combine.ts";
import { epsOf, moveTo, predict } from "../prediction.ts";

/** Options of {@link odeTime}. */
export interface OdeTimeOptions {
  /** Where the second guess is made, as a share of the step: 1 Heun, ½ midpoint; 0 takes one guess, Euler's; 1. */
  readonly second?: number | undefined;
}

/** alpha′ and sigma′ by three-point differences in float64: central, or backward at t = 1. */
function slopes(schedule: NoiseSchedule, t: number): NoiseLevel {
  const reach = t * 1e-5;
  const back = t + reach > 1;
  const at = back ? [t, t - reach, t - 2 * reach] : [t + reach, t, t - reach];
  const weights = back ? [1.5, -2, 0.5] : [0.5, 0, -0.5];
  const levels = at.map((time) => schedule.at(time));
  const slope = (part: "alpha" | "sigma") =>
    levels.reduce((sum, level, i) => sum + weights[i]! * level[part], 0) / reach;
  return { alpha: slope("alpha"), sigma: slope("sigma") };
}

/**
 * Euler's or a two-stage Runge–Kutta method on the probability-flow ODE in the schedule's own time,
 * dx/dt = (alpha′ / alpha) x + (sigma′ − alpha′ sigma / alpha) ε̂, as papers wrote it before Karras et al. took the noise
 * level for time. Made for schedules with a smooth `at(t)`; the last step into sigma = 0 is Euler's.
 *
 * Source: Song et al. 2021, "Score-Based Generative Modeling", eq. 13; Karras et al. 2022, eq. 81 and algorithm 3.
 */
export const odeTime: Plugin<OdeTimeOptions, Sampler> = plugin({
  name: "ode-time",
  about: "Euler or two-stage Runge–Kutta in the schedule's own time.",
  source: "Song et al. 2021, eq. 13; Karras et al. 2022, eq. 81 and algorithm 3",
  options: {
    second: z.number().min(0).max(1).default(1).describe("where the second guess is made; 0: none"),
  },
  create: ({ second }) => {
    const calls = second === 0 ? 1 : 2;
    return {
      name: "ode-time",
      order: calls,
      calls,
      step({ x, from, to, denoise, schedule }) {
        const prediction = predict(x, from, denoise);
        if (from.alpha === 0) return { x: moveTo(prediction, to), prediction };
        const slope = (at: Moment, guess: typeof prediction, weight: number): Term[] => {
          const { alpha, sigma } = slopes(schedule, at.t);
          const growth = alpha / at.alpha;
          return [
            [weight * growth, guess.x],
            [weight * (sigma - growth * at.sigma), epsOf(guess)],
          ];
        };
        const length = to.t - from.t;
        if (second === 0 || to.sigma === 0) {
          return { x: combine([1, x], ...slope(from, prediction, length)), prediction };
        }
        const stage = second === 1 ? to : momentAt(schedule, from.t + second * length);
        const there = combine([1, x], ...slope(from, prediction, second * length));
        const other = predict(there, stage, denoise);
        const late = length / (2 * second);
        const terms = [...slope(from, prediction, length - late), ...slope(stage, other, late)];
        return { x: combine([1, x], ...terms), prediction };
      },
    };
  },
});
