import type { Progress } from "./progress.ts";

/** How fast to learn, update by update: numbers in, numbers out, float64. */
export interface LearningRate {
  readonly name: string;
  /** The rate of this update, ≥ 0. */
  at(progress: Progress): number;
}
