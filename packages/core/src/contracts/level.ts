import { fail } from "../errors/errors.ts";
import type { Moment, NoiseLevel, NoiseSchedule } from "./noise.ts";

/** Signal-to-noise ratio alpha² / sigma² ∈ [0, ∞]. */
export function snr({ alpha, sigma }: NoiseLevel): number {
  return (alpha / sigma) ** 2;
}

/** λ = ln(alpha / sigma), half the log-SNR (Lu et al. 2022, "DPM-Solver", section 2.1); ±∞ at the ends. */
export function halfLogSnr({ alpha, sigma }: NoiseLevel): number {
  return Math.log(alpha) - Math.log(sigma);
}

/** ln(alpha² / sigma²) (Kingma et al. 2021); ±∞ at the ends. */
export function logSnr(level: NoiseLevel): number {
  return 2 * halfLogSnr(level);
}

/**
 * Whether float32 cannot see the signal of a level next to its noise: alpha < sigma · 2^−24. Dividing by alpha there
 * leaves rounding errors alone, so such a level counts as one without signal. Published schedules that should end at
 * alpha = 0 often end here instead, a continuous cosine at 6e-17 for example.
 */
export function noSignal({ alpha, sigma }: NoiseLevel): boolean {
  return alpha < sigma * 2 ** -24;
}

/**
 * The time below which a schedule may go to clean data in a straight line: published continuous formulas that keep a
 * little noise as t → 0 hold from here on.
 */
export const CLEAN_BELOW = 1e-12;

/** The schedule's level at t, with t. */
export function momentAt(schedule: NoiseSchedule, t: number): Moment {
  const { alpha, sigma } = schedule.at(t);
  return { t, alpha, sigma };
}

/** The time of training step i ∈ 0 … T − 1 of a discrete chain. */
export function timeOfStep(i: number, steps: number): number {
  return (i + 1) / steps;
}

/**
 * The training step that t stands for, (t · T) − 1, whole where t is the time of a step.
 *
 * @returns a number in [−1, T − 1]; −1 is clean data
 */
export function stepOfTime(t: number, steps: number): number {
  const step = t * steps - 1;
  const whole = Math.round(step);
  return Math.abs(step - whole) < 1e-7 ? whole + 0 : step;
}

/**
 * The time whose half-log-SNR is `lambda`: the schedule's own inverse, else bisection to 1e-15 in t, and to a share of
 * 1e-6 of t where t is below 1e-9.
 *
 * @returns t ∈ [0, 1]; 1 below the schedule's range
 * @throws DdpmError when lambda is NaN
 */
export function timeAtHalfLogSnr(schedule: NoiseSchedule, lambda: number): number {
  if (Number.isNaN(lambda)) fail("core/level", `no time has half-log-SNR NaN on schedule ${schedule.name}.`);
  if (schedule.timeAt) return schedule.timeAt(lambda);
  let low = 0;
  let high = 1;
  for (let i = 0; i < 200 && high - low > Math.min(1e-15, 1e-6 * high); i++) {
    const middle = (low + high) / 2;
    if (halfLogSnr(schedule.at(middle)) > lambda) low = middle;
    else high = middle;
  }
  return high;
}
