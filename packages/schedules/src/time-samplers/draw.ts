import { type NoiseSchedule, type Random, timeOfStep } from "@ddpm/core";
import type { ImageRange } from "@ddpm/core/authoring";

/** One number per image of a range, image k's from `random.fork(k)`. */
export function drawEach(
  { first, count }: ImageRange,
  random: Random,
  draw: (own: Random, image: number) => number,
): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => draw(random.fork(first + i), first + i));
}

/** The time that u ∈ [0, 1) stands for: one of the steps of a chain, else a time in (0, 1]. */
export function timeOfUniform(u: number, { steps }: NoiseSchedule): number {
  return steps === undefined ? 1 - u : timeOfStep(Math.floor(u * steps), steps);
}
