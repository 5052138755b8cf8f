export type { EmaDecay } from "./ema.ts";
export type { Diverged, DueEvent, StepEvent, TrainEvent } from "./events.ts";
export type { LearningRate } from "./learning-rate.ts";
export type { Optimizer, UpdateInput, UpdateOutput } from "./optimizer.ts";
export type { TrainOptions } from "./options.ts";
export type { Progress } from "./progress.ts";
export { disposeState, initialState, type StartOptions, type TrainState } from "./state.ts";
export { type CompileStep, interpret, type StepFunction } from "./step.ts";
export { train } from "./train.ts";
