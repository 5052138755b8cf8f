import { fail, halfLogSnr, type NoiseSchedule, timeAtHalfLogSnr } from "@ddpm/core";
import { z } from "zod";
import { CLEAN_BELOW } from "./log-snr-schedule.ts";

/** Options of spacings that choose noise levels rather than times. */
export interface LadderOptions {
  /**
   * The lowest sigma / alpha before 0. Left out: that of the first step of a chain; where there are no steps 0.002
   * (Karras et al. 2022, table 1), or what the schedule falls to as t → 0 if that is more.
   */
  readonly sigmaMin?: number | undefined;
  /** The highest sigma / alpha. Left out: that of the schedule at t = 1. */
  readonly sigmaMax?: number | undefined;
}

/** Zod types behind {@link LadderOptions}. */
export const ladderShape: {
  sigmaMin: z.ZodOptional<z.ZodNumber>;
  sigmaMax: z.ZodOptional<z.ZodNumber>;
} = {
  sigmaMin: z.number().positive().optional().describe("lowest sigma / alpha; the first step's, or 0.002"),
  sigmaMax: z.number().positive().optional().describe("highest sigma / alpha; the schedule's at t = 1"),
};

/** How far beyond a schedule's own range a sigma may lie and still count as its end: float32 rounding. */
const ROUNDING = 1e-6;

/**
 * The ends of a ladder on this schedule.
 *
 * @throws DdpmError when the schedule's own end is infinite, when an end lies outside its range, or min ≥ max
 */
export function rangeOf(
  where: string,
  schedule: NoiseSchedule,
  { sigmaMin, sigmaMax }: LadderOptions,
): { readonly min: number; readonly max: number } {
  const ratio = (t: number) => Math.exp(-halfLogSnr(schedule.at(t)));
  const top = ratio(1);
  const max = sigmaMax ?? top;
  const min = sigmaMin ?? (schedule.steps ? ratio(1 / schedule.steps) : Math.max(0.002, ratio(CLEAN_BELOW)));
  if (max === Number.POSITIVE_INFINITY) {
    fail(where, `schedule ${schedule.name} has no signal left at t = 1.`, "Give sigmaMax, e.g. 80.");
  }
  if (max > top * (1 + ROUNDING)) {
    fail(where, `sigmaMax is ${max}, but schedule ${schedule.name} ends at ${top}.`, "Leave sigmaMax out.");
  }
  if (!(min < max)) fail(where, `sigmaMin ${min} is not below sigmaMax ${max}.`);
  return { min, max };
}

/**
 * The times of falling noise levels sigma / alpha, then 0.
 *
 * @throws DdpmError when two of them fall on one time
 */
export function timesOfSigmas(
  where: string,
  schedule: NoiseSchedule,
  sigmas: ArrayLike<number>,
): Float64Array {
  const times = new Float64Array(sigmas.length + 1);
  for (let i = 0; i < sigmas.length; i++) {
    times[i] = timeAtHalfLogSnr(schedule, -Math.log(sigmas[i]!));
    if (i > 0 && !(times[i]! < times[i - 1]!)) {
      fail(where, `noise levels ${sigmas[i - 1]} and ${sigmas[i]} fall on one time.`, "Ask for fewer steps.");
    }
  }
  return times;
}
