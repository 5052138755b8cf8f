export { checkLabelled, checkLabels } from "./batch/check-labels.ts";
export { type Check, examine, type Finding, type HistoryRow } from "./checks/check.ts";
export { deadEma } from "./checks/dead-ema.ts";
export { checks } from "./checks/index.ts";
export { clipByGlobalNorm, globalNorm } from "./clips/by-norm.ts";
export type { Clip } from "./clips/clip.ts";
export { clips } from "./clips/index.ts";
export { norm as normClip } from "./clips/norm.ts";
export { value as valueClip } from "./clips/value.ts";
export { constant as constantEma } from "./emas/constant.ts";
export type { EmaDecay } from "./emas/ema.ts";
export { halfLife as halfLifeEma } from "./emas/half-life.ts";
export { emas } from "./emas/index.ts";
export { power as powerEma } from "./emas/power.ts";
export { profile as profileEma } from "./emas/profile.ts";
export { warmup as warmupEma } from "./emas/warmup.ts";
export { bestScore, isStale, type Patience, type Score } from "./evaluation/early-stop.ts";
export {
  type BucketLoss,
  type HeldOut,
  type HeldOutLoss,
  type HeldOutOptions,
  heldOut,
} from "./evaluation/held-out.ts";
export {
  type AverageAge,
  initialShare,
  LARGE_INITIAL_SHARE,
  youngAverage,
} from "./evaluation/initial-share.ts";
export { type SampleFacts, sampleFacts } from "./evaluation/sample-facts.ts";
export { changed as changedRate, type RateChange } from "./learning-rates/changed.ts";
export { constant as constantRate } from "./learning-rates/constant.ts";
export { cosine as cosineRate } from "./learning-rates/cosine.ts";
export { epochs as epochsRate } from "./learning-rates/epochs.ts";
export { learningRates } from "./learning-rates/index.ts";
export { inverseSqrt as inverseSqrtRate } from "./learning-rates/inverse-sqrt.ts";
export type { LearningRate } from "./learning-rates/learning-rate.ts";
export { oneCycle as oneCycleRate } from "./learning-rates/one-cycle.ts";
export { pieces as piecesRate } from "./learning-rates/pieces.ts";
export { polynomial as polynomialRate } from "./learning-rates/polynomial.ts";
export type { Progress } from "./learning-rates/progress.ts";
export { steps as stepsRate } from "./learning-rates/steps.ts";
export { warmRestarts as warmRestartsRate } from "./learning-rates/warm-restarts.ts";
export { checkOptions } from "./loop/check-options.ts";
export { divergence } from "./loop/divergence.ts";
export type { Diverged, DoneEvent, DueEvent, StepEvent, TrainEvent, TrainProgress } from "./loop/events.ts";
export type { TrainingLoopOptions } from "./loop/options.ts";
export {
  disposeState,
  initialState,
  type LearnedTimes,
  type StartOptions,
  type TimedLosses,
  type Totals,
  type TrainState,
  type TrainTensors,
} from "./loop/state.ts";
export { trainingLoop } from "./loop/training-loop.ts";
export { adafactor } from "./optimizers/adafactor.ts";
export { adam } from "./optimizers/adam.ts";
export { adamw } from "./optimizers/adamw.ts";
export { grouped, type ParameterGroup } from "./optimizers/grouped.ts";
export { optimizers } from "./optimizers/index.ts";
export { lion } from "./optimizers/lion.ts";
export { nadam } from "./optimizers/nadam.ts";
export type { Optimizer, UpdateInput, UpdateOutput } from "./optimizers/optimizer.ts";
export { radam } from "./optimizers/radam.ts";
export { rmsprop } from "./optimizers/rmsprop.ts";
export { type SgdOptions, sgd } from "./optimizers/sgd.ts";
export { mixture } from "./post-hoc/mixture.ts";
export { exponentOf, overlap, type Profile, widthOf } from "./post-hoc/profile.ts";
