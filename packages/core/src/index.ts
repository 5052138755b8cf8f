export type { Dataset, DatasetImage, ImageStream, Images } from "./contracts/dataset.ts";
export type { Condition, Denoiser, Mode, OutputCount, ParamSpec } from "./contracts/denoiser.ts";
export { checkOutputs, INFERENCE, outputChannels } from "./contracts/denoiser.ts";
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
} from "./contracts/level.ts";
export { fitsPattern } from "./contracts/name-pattern.ts";
export type {
  ImageRange,
  LearningTimeSampler,
  Moment,
  NoiseLevel,
  NoiseSchedule,
  Spacing,
  TimeMemory,
  TimeSampler,
} from "./contracts/noise.ts";
export { learns } from "./contracts/noise.ts";
export type { LossWeight, Parameterization, Preconditioning } from "./contracts/objective.ts";
export type { Params } from "./contracts/params.ts";
export { countParams, disposeParams, mapParams } from "./contracts/params.ts";
export type {
  Denoise,
  Denoised,
  DenoiseWrapper,
  Prediction,
  Sampler,
  StepInput,
  StepOutput,
} from "./contracts/sampler.ts";
export type { CompiledStep, CompileStep, Step, TensorTree } from "./contracts/step.ts";
export { DdpmError, expectShape, fail, isDdpmError } from "./errors/errors.ts";
export { type FileRefusal, fileRefusal } from "./errors/file-refusal.ts";
export { GIT_LFS_POINTER_BYTES, isGitLfsPointer, refuseGitLfsPointer } from "./errors/git-lfs.ts";
export { nearest } from "./plugins/nearest.ts";
export type { Plugin, PluginDefinition } from "./plugins/plugin.ts";
export { plugin } from "./plugins/plugin.ts";
export { type Refusal, type RefusalOptions, refusalOf } from "./plugins/refusal.ts";
export type { Registry, Spec } from "./plugins/registry.ts";
export { registry } from "./plugins/registry.ts";
export { philox } from "./random/philox.ts";
export type { Random, RandomState } from "./random/random.ts";
export { random, randomFrom } from "./random/random.ts";
