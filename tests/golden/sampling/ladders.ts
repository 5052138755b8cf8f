import type { NoiseSchedule } from "../../../packages/core/src/index.ts";
import { edm, vp } from "../../../packages/schedules/src/index.ts";

/** A sigma that no ladder reaches: tables that end near ᾱ = 0 begin at some 2e4. */
const TOP = 1e6;

/** Every level u = sigma with alpha = 1. */
export const exploding: NoiseSchedule = edm({ sigmaMax: TOP });

/** The time of a level u = sigma on {@link exploding}. */
export function timeOf(u: number): number {
  return u / TOP;
}

/** Every level u = sigma / alpha up to e^25 with alpha² + sigma² = 1. */
export const preserving: NoiseSchedule = vp({ betaMin: 0.1, betaMax: 100 });

/** The time of a level u = sigma / alpha on {@link preserving}. */
export function preservingTimeOf(u: number): number {
  return u === 0 ? 0 : preserving.timeAt!(-Math.log(u));
}
