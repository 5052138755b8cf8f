import { fail, halfLogSnr, type NoiseSchedule, option, timeAtHalfLogSnr } from "@ddpm/core";
import type { ErrorPlace, Option } from "@ddpm/core/authoring";
import { CLEAN_BELOW, noSignal } from "@ddpm/core/authoring";

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
  sigmaMin: Option<number | undefined>;
  sigmaMax: Option<number | undefined>;
} = {
  sigmaMin: option
    .number()
    .positive()
    .optional()
    .describe("lowest sigma / alpha; the first step's, or 0.002"),
  sigmaMax: option.number().positive().optional().describe("highest sigma / alpha; the schedule's at t = 1"),
};

/** How far beyond a schedule's own range a sigma may be and still pass for its end: float32 rounding. */
const ROUNDING = 1e-6;
/** Levels that are closer to each other, as a share, are the same in float32. */
const FLOAT32 = 2 ** -24;

/**
 * The ends of a ladder on this schedule.
 *
 * @throws DdpmError when no signal is left at the schedule's own end, when an end is outside its range, or min ≥ max
 */
export function rangeOf(
  where: ErrorPlace,
  schedule: NoiseSchedule,
  { sigmaMin, sigmaMax }: LadderOptions,
): { readonly min: number; readonly max: number } {
  const ratio = (t: number) => Math.exp(-halfLogSnr(schedule.at(t)));
  const top = ratio(1);
  const max = sigmaMax ?? top;
  const bottom = schedule.steps ? 0 : ratio(CLEAN_BELOW);
  const min = sigmaMin ?? (schedule.steps ? ratio(1 / schedule.steps) : Math.max(0.002, bottom));
  if (sigmaMax === undefined && noSignal(schedule.at(1))) {
    fail(where, `schedule ${schedule.name} has no signal left at t = 1.`, "Give sigmaMax, e.g. 80.");
  }
  if (max > top * (1 + ROUNDING)) {
    fail(where, `sigmaMax is ${max}, but schedule ${schedule.name} ends at ${top}.`, "Leave sigmaMax out.");
  }
  if (min < bottom * (1 - ROUNDING)) {
    fail(
      where,
      `sigmaMin is ${min}, but schedule ${schedule.name} begins at ${bottom}.`,
      "Leave sigmaMin out.",
    );
  }
  if (!(min < max)) fail(where, `sigmaMin ${min} is not below sigmaMax ${max}.`);
  return { min, max };
}

/**
 * The times of falling noise levels sigma / alpha, then 0.
 *
 * @throws DdpmError when two of them are the same in float32, the last one falls on 0, or one is not finite
 */
export function timesOfSigmas(
  where: ErrorPlace,
  schedule: NoiseSchedule,
  sigmas: Float64Array,
): Float64Array {
  const times = new Float64Array(sigmas.length + 1);
  for (let i = 0; i < sigmas.length; i++) {
    const sigma = sigmas[i]!;
    if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY)) {
      fail(
        where,
        `noise level ${i} of the ladder is not a finite number above 0 in float64.`,
        "Take a rho that is nearer to its default.",
      );
    }
    times[i] = timeAtHalfLogSnr(schedule, -Math.log(sigma));
    if (i > 0 && !(times[i]! < times[i - 1]! && sigma < sigmas[i - 1]! * (1 - FLOAT32))) {
      fail(
        where,
        `noise levels ${sigmas[i - 1]} and ${sigma} are the same in float32.`,
        "Ask for fewer steps.",
      );
    }
  }
  if (!(times[sigmas.length - 1]! > 0)) {
    fail(where, `noise level ${sigmas.at(-1)} falls on time 0, which is clean data.`, "Raise sigmaMin.");
  }
  return times;
}
