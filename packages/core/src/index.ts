export type { Dataset, DatasetImage, ImageStream, Images } from "./dataset.ts";
export type { Condition, Denoiser, Mode, OutputCount, ParamSpec } from "./denoiser.ts";
export { checkOutputs, INFERENCE, outputChannels } from "./denoiser.ts";
export { DdpmError, expectShape, fail, isDdpmError } from "./errors.ts";
export { type FileRefusal, fileRefusal } from "./file-refusal.ts";
export { GIT_LFS_POINTER_BYTES, isGitLfsPointer, refuseGitLfsPointer } from "./git-lfs.ts";
export {
  CLEAN_BELOW,
  halfLogSnr,
  logSnr,
  momentAt,
  noSignal,
  snr,
  stepOfTime,
  timeAtHalfLogSnr,
  timeOfStep,
} from "./level.ts";
export { fitsPattern } from "./name-pattern.ts";
export { nearest } from "./nearest.ts";
export type {
  ImageRange,
  LearningTimeSampler,
  Moment,
  NoiseLevel,
  NoiseSchedule,
  Spacing,
  TimeMemory,
  TimeSampler,
} from "./noise.ts";
export { learns } from "./noise.ts";
export type { LossWeight, Parameterization, Preconditioning } from "./objective.ts";
export type { Params } from "./params.ts";
export { countParams, disposeParams, mapParams } from "./params.ts";
export { philox } from "./philox.ts";
export type { Plugin, PluginDefinition } from "./plugin.ts";
export { plugin } from "./plugin.ts";
export type { Random, RandomState } from "./random.ts";
export { random, randomFrom } from "./random.ts";
export { type Refusal, type RefusalOptions, refusalOf } from "./refusal.ts";
export type { Registry, Spec } from "./registry.ts";
export { registry } from "./registry.ts";
export type {
  Denoise,
  Denoised,
  DenoiseWrapper,
  Prediction,
  Sampler,
  StepInput,
  StepOutput,
} from "./sampler.ts";
export type { CompiledStep, CompileStep, Step, TensorTree } from "./step.ts";
