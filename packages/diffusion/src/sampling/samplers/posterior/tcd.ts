import { momentAt, type NoiseSchedule, type Plugin, type Sampler, stepOfTime, timeOfStep } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { checkFalling } from "../../arithmetic/ancestral.ts";
import { combine } from "../../arithmetic/combine.ts";
import { moveTo, predict } from "../../prediction.ts";

/** Options of {@link tcd}. */
export interface TcdOptions {
  /** γ: share of the way to the next level that is gone too far, and made good with fresh noise; 0.3. */
  readonly eta?: number | undefined;
}

/** The time (1 − η) of the way to t; a whole step of a chain, rounded down. */
function below(t: number, eta: number, { steps }: NoiseSchedule): number {
  if (steps === undefined) return (1 - eta) * t;
  return timeOfStep(Math.floor((1 - eta) * Math.max(stepOfTime(t, steps), 0)), steps);
}

/**
 * Trajectory consistency: along the guess to (1 − γ) of the next time, then up to it with fresh noise. No noise goes into
 * the last step.
 *
 * Source: Zheng et al. 2024, "Trajectory Consistency Distillation", algorithm 2; diffusers TCDScheduler.
 */
export const tcd: Plugin<TcdOptions, Sampler> = plugin({
  name: "tcd",
  about: "Goes too far along the prediction and comes back with noise: for trajectory-consistency models.",
  source: "Zheng et al. 2024 (TCD), algorithm 2; diffusers, TCDScheduler",
  options: { eta: z.number().gt(0).max(1).default(0.3).describe("how much too far, 0 … 1") },
  create: ({ eta }) => ({
    name: "tcd",
    order: 0,
    consistency: "trajectory",
    step({ x, from, to, denoise, schedule, noise, index, count }) {
      checkFalling("diffusion/tcd", from, to);
      const prediction = predict(x, from, denoise);
      if (to.sigma === 0) return { x: moveTo(prediction, to), prediction };
      const level = momentAt(schedule, below(to.t, eta, schedule));
      const moved = moveTo(prediction, level);
      const ratio = to.alpha / level.alpha;
      const fresh = to.sigma ** 2 - (ratio * level.sigma) ** 2;
      if (index === count - 1 || fresh <= 0) return { x: moved, prediction };
      return { x: combine([ratio, moved], [Math.sqrt(fresh), noise()]), prediction };
    },
  }),
});
