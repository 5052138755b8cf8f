import { fail, halfLogSnr, type NoiseSchedule, timeOfStep } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";

/**
 * T of a schedule, for spacings that pick among its steps.
 *
 * @throws DdpmError for a schedule without steps, for n that is no positive whole number, and for n > T
 */
export function stepsOf(where: ErrorPlace, n: number, schedule: NoiseSchedule): number {
  countOf(where, n);
  const steps =
    schedule.steps ??
    fail(where, `schedule ${schedule.name} has no steps to pick from.`, "Take the spacing even or karras.");
  if (n > steps) fail(where, `${n} steps asked of schedule ${schedule.name}, which has ${steps}.`);
  return steps;
}

/** @throws DdpmError unless n is a positive whole number */
export function countOf(where: ErrorPlace, n: number): void {
  if (!Number.isInteger(n) || n < 1) fail(where, `${n} steps asked, expected a positive whole number.`);
}

/**
 * How many steps have a half-log-SNR of at least `lambdaMin`: the noisiest of them is where sampling starts
 * (`lambda_min_clipped` of diffusers' DPM-Solvers).
 *
 * @throws DdpmError when there is none
 */
export function stepsAbove(
  where: ErrorPlace,
  schedule: NoiseSchedule,
  steps: number,
  lambdaMin: number,
): number {
  let count = 0;
  while (count < steps && halfLogSnr(schedule.at(timeOfStep(count, steps))) >= lambdaMin) count++;
  if (count === 0) fail(where, `no step of schedule ${schedule.name} has a half-log-SNR of ${lambdaMin}.`);
  return count;
}

/**
 * Falling steps, each once: published spacings that round to whole steps ask for some of them again, and a step from a
 * level to the same level changes nothing in the reference either.
 */
export function eachOnce(picked: readonly number[]): number[] {
  return picked.filter((step, i) => i === 0 || step !== picked[i - 1]);
}

/**
 * Times of falling steps i ∈ 0 … T − 1, then 0.
 *
 * @throws DdpmError for a step out of range, or two that are not falling
 */
export function timesOfSteps(where: ErrorPlace, picked: readonly number[], steps: number): Float64Array {
  picked.forEach((step, i) => {
    if (!(step >= 0 && step <= steps - 1)) {
      fail(where, `step ${step} is outside 0 … ${steps - 1}.`, "Ask for fewer steps or a smaller offset.");
    }
    if (i > 0 && !(step < picked[i - 1]!)) {
      fail(where, `step ${step} comes after step ${picked[i - 1]}: steps must fall.`, "Ask for fewer steps.");
    }
  });
  return Float64Array.from([...picked.map((step) => timeOfStep(step, steps)), 0]);
}
