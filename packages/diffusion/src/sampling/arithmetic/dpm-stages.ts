import { type Denoise, halfLogSnr, type NoiseLevel, type NoiseSchedule, type Prediction } from "@ddpm/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { epsOf, predict } from "../prediction.ts";
import { combine } from "./combine.ts";
import { momentBetween } from "./moment-between.ts";

/** One step of DPM-Solver, with the guesses that it makes on its way. */
export interface DpmStages {
  /** First order: the guess at the start held constant. */
  first(): Tensor;
  /** Second order, its second guess at `share` of the way in λ. */
  second(share: number): Tensor;
  /** Third order, with guesses a third and two thirds of the way in λ. */
  third(): Tensor;
}

/**
 * Single-step DPM-Solver in λ = ln(alpha / sigma), for noise prediction. Guesses are made once and shared between the
 * orders, and so is the straight part of the step: the difference of two orders is then exact.
 *
 * Source: Lu et al. 2022, "DPM-Solver", algorithms 1 and 2; k-diffusion `DPMSolver`.
 */
export function dpmStages(
  start: Prediction,
  to: NoiseLevel,
  schedule: NoiseSchedule,
  denoise: Denoise,
): DpmStages {
  const { x, at: from } = start;
  const h = halfLogSnr(to) - halfLogSnr(from);
  const eps = epsOf(start);
  const straight = (level: NoiseLevel, length: number): Tensor =>
    combine([level.alpha / from.alpha, x], [-level.sigma * Math.expm1(length), eps]);
  const guesses = new Map<number, Tensor>();
  const guessAt = (share: number): Tensor => {
    const known = guesses.get(share);
    if (known) return known;
    const at = momentBetween(schedule, from, to, share);
    const guess = epsOf(predict(straight(at, share * h), at, denoise));
    guesses.set(share, guess);
    return guess;
  };
  const end = straight(to, h);
  /** A straight step, bent by the difference that another guess makes. */
  const bent = (base: Tensor, weight: number, other: Tensor): Tensor =>
    combine([1, base], [weight, tf.sub(other, eps)]);
  return {
    first: () => end,
    second: (share) => bent(end, (-to.sigma * Math.expm1(h)) / (2 * share), guessAt(share)),
    third() {
      const at = momentBetween(schedule, from, to, 2 / 3);
      const part = (2 / 3) * h;
      const early = -2 * at.sigma * (Math.expm1(part) / part - 1);
      const middle = bent(straight(at, part), early, guessAt(1 / 3));
      const late = epsOf(predict(middle, at, denoise));
      return bent(end, (-3 / 2) * to.sigma * (Math.expm1(h) / h - 1), late);
    },
  };
}
