export type { Condition } from "./contracts/condition.ts";
export type { Dataset, DatasetImage, ImageStream, Images } from "./contracts/dataset.ts";
export type { Denoiser, Mode, ParamSpec } from "./contracts/denoiser.ts";
export { INFERENCE } from "./contracts/denoiser.ts";
export {
  halfLogSnr,
  logSnr,
  momentAt,
  snr,
  stepOfTime,
  timeAtHalfLogSnr,
  timeOfStep,
} from "./contracts/level.ts";
export type { Moment, NoiseLevel, NoiseSchedule, Spacing, TimeSampler } from "./contracts/noise.ts";
export type { LossWeight, Parameterization } from "./contracts/objective.ts";
export type { Params } from "./contracts/params.ts";
export { countParams, disposeParams, mapParams } from "./contracts/params.ts";
export type { Denoise, Denoised, DenoiseWrapper, Prediction, Sampler } from "./contracts/sampler.ts";
export type { CompiledStep, CompileStep, Step, TensorTree } from "./contracts/step.ts";
export { DdpmError, expectShape, fail, isDdpmError } from "./errors/errors.ts";
export { option } from "./plugins/option.ts";
export type { Plugin } from "./plugins/plugin.ts";
export { plugin } from "./plugins/plugin.ts";
export type { Registry, Spec } from "./plugins/registry.ts";
export { registry } from "./plugins/registry.ts";
export type { Random } from "./random/random.ts";
export { random } from "./random/random.ts";
