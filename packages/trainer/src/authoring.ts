export { checkLabelled, checkLabels } from "./batch/check-labels.ts";
export { type Check, examine, type Finding, type HistoryRow } from "./checks/check.ts";
export { deadEma } from "./checks/dead-ema.ts";
export { clipByGlobalNorm, globalNorm } from "./clips/by-norm.ts";
export type { Clip } from "./clips/clip.ts";
export type { EmaDecay } from "./emas/ema.ts";
export { bestScore, isStale, type Patience, type Score } from "./evaluation/early-stop.ts";
export type { BucketLoss, HeldOut, HeldOutLoss, HeldOutOptions } from "./evaluation/held-out.ts";
export {
  type AverageAge,
  initialShare,
  LARGE_INITIAL_SHARE,
  youngAverage,
} from "./evaluation/initial-share.ts";
export { type SampleFacts, sampleFacts } from "./evaluation/sample-facts.ts";
export type { RateChange } from "./learning-rates/changed.ts";
export type { LearningRate } from "./learning-rates/learning-rate.ts";
export type { Progress } from "./learning-rates/progress.ts";
export { checkOptions } from "./loop/check-options.ts";
export type { Diverged, DoneEvent, DueEvent, StepEvent, TrainProgress } from "./loop/events.ts";
export type { AnyLoopOptions, DenoisingOptions, LoopOptions, ObjectiveLoopOptions } from "./loop/options.ts";
export type { LearnedTimes, StartOptions, TimedLosses, Totals, TrainTensors } from "./loop/state.ts";
export type { ParameterGroup } from "./optimizers/grouped.ts";
export type { Optimizer, UpdateInput, UpdateOutput } from "./optimizers/optimizer.ts";
export type { SgdOptions } from "./optimizers/sgd.ts";
export { exponentOf, overlap, type Profile, widthOf } from "./post-hoc/profile.ts";
