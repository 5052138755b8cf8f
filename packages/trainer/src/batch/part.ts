import type { TrainingLoopOptions } from "../loop/options.ts";

/** The choices that decide a batch's tensors. */
export type BatchOptions = Pick<
  TrainingLoopOptions,
  | "denoiser"
  | "parameterization"
  | "schedule"
  | "times"
  | "weight"
  | "images"
  | "batch"
  | "labelDropout"
  | "condition"
  | "grey"
  | "selfCondition"
>;

/** A part of a batch: images `first … first + count − 1` of the stream. */
export interface Part {
  readonly first: number;
  readonly count: number;
  /** Number of the update that it belongs to. */
  readonly update: number;
}
