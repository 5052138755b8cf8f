import type { Random } from "../random/random.ts";

/** How much signal and noise an image holds: x_t = alpha · x_0 + sigma · ε, ε ~ N(0, I). */
export interface NoiseLevel {
  readonly alpha: number;
  readonly sigma: number;
}

/** A level and the time it belongs to; t = 0 is clean data, t = 1 is noise. */
export interface Moment extends NoiseLevel {
  readonly t: number;
}

/**
 * How signal turns into noise as t runs from 0 to 1. Numbers in, numbers out, all float64.
 *
 * A table of betas (DDPM) is one kind: then `steps` and `betas` are there.
 */
export interface NoiseSchedule {
  readonly name: string;
  /**
   * The level at time t ∈ [0, 1]; alpha / sigma falls strictly as t grows, and t = 0 is clean (sigma = 0).
   * At t = (i + 1) / T a table of betas returns its i-th entry exactly; between entries log-SNR is
   * interpolated.
   */
  at(t: number): NoiseLevel;
  /** T of a chain of discrete steps; training step i ∈ 0 … T − 1 is t = (i + 1) / T. */
  readonly steps?: number;
  /** β_i of such a chain, [T]; there exactly when `steps` is. */
  readonly betas?: Float64Array;
  /** The time whose half-log-SNR ln(alpha / sigma) is `lambda`, where a closed form exists. */
  timeAt?(lambda: number): number;
}

/**
 * Sampling times, strictly falling, the last one 0: n + 1 of them, or fewer where a published rule rounds several to the
 * same step of a chain, which is then taken once.
 */
export interface Spacing {
  readonly name: string;
  /** @throws DdpmError when the schedule does not have so many distinct steps */
  times(n: number, schedule: NoiseSchedule): Float64Array;
}

/** Images `first … first + count − 1` of the endless training stream; `batch` of them make one update. */
export interface ImageRange {
  readonly first: number;
  readonly count: number;
  readonly batch: number;
}

/**
 * Training times in (0, 1], one per image: uniform, stratified, log-normal σ … Image k's time comes from
 * `random.fork(k)`, so it does not depend on how images are cut into batches.
 */
export interface TimeSampler {
  readonly name: string;
  draw(images: ImageRange, random: Random, schedule: NoiseSchedule): Float64Array;
}

/** All that a time sampler has learned: plain JSON, to be saved with the weights. */
export type TimeMemory = readonly (readonly number[])[];

/** A time sampler that learns from losses where to look, as a value: learning gives a new one. */
export interface LearningTimeSampler extends TimeSampler {
  /** What it has learned so far; {@link recall} takes it back. */
  readonly memory: TimeMemory;
  /** What the loss of an image at t counts, 1 on average over draws, so that the objective stays what it was. */
  weight(t: number, schedule: NoiseSchedule): number;
  /**
   * The sampler that also knows these losses, one per time, before weighting; this one is left as it is.
   *
   * @throws DdpmError for a loss that is negative or not finite, or a time that it does not draw
   */
  learn(times: ArrayLike<number>, losses: ArrayLike<number>, schedule: NoiseSchedule): LearningTimeSampler;
  /** The sampler of these options that remembers `memory` and nothing else. */
  recall(memory: TimeMemory): LearningTimeSampler;
}

/** Whether a time sampler learns, and so wants losses and has a memory to save. */
export function learns(times: TimeSampler): times is LearningTimeSampler {
  return "learn" in times;
}
