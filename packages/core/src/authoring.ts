export type { Autoencoder, Codebook, LatentRange, PerChannel, Quantised } from "./contracts/autoencoder.ts";
export type { ConditionField, TakenConditions } from "./contracts/condition.ts";
export { checkCondition, conditionFields, conditionOf } from "./contracts/condition.ts";
export type { CaptionAttribute, ImageShape, SampleStream, Samples } from "./contracts/dataset.ts";
export type { OutputCount } from "./contracts/denoiser.ts";
export { checkOutputs, outputChannels } from "./contracts/denoiser.ts";
export type { LatentSpace } from "./contracts/latent-space.ts";
export { CLEAN_BELOW, noSignal } from "./contracts/level.ts";
export { fitsPattern } from "./contracts/name-pattern.ts";
export type { ImageRange, LearningTimeSampler, TimeMemory } from "./contracts/noise.ts";
export { learns } from "./contracts/noise.ts";
export type { Preconditioning } from "./contracts/objective.ts";
export type { StepInput, StepOutput } from "./contracts/sampler.ts";
export type { TextModel, TextStates } from "./contracts/text-model.ts";
export type { Tokenizer } from "./contracts/tokenizer.ts";
export type { BatchLoss, TrainingObjective } from "./contracts/training-objective.ts";
export type { ErrorPlace } from "./errors/errors.ts";
export { type FileRefusal, fileRefusal } from "./errors/file-refusal.ts";
export { GIT_LFS_POINTER_BYTES, isGitLfsPointer, refuseGitLfsPointer } from "./errors/git-lfs.ts";
export { fingerprint } from "./fingerprint.ts";
export { formatBytes } from "./format/bytes.ts";
export { countOf, formatCount, formatShare } from "./format/count.ts";
export { formatDuration, formatEstimate } from "./format/duration.ts";
export { formatRate } from "./format/rate.ts";
export { formatShort } from "./format/short.ts";
export { mean, median } from "./numbers/averages.ts";
export { pixelOfValue, valueOfPixel } from "./numbers/pixels.ts";
export { sizeOf } from "./numbers/size-of.ts";
export { solve } from "./numbers/solve.ts";
export type { Json } from "./plugins/json.ts";
export { nearest } from "./plugins/nearest.ts";
export type { ListOption, NumberOption, Option } from "./plugins/option.ts";
export {
  checkedBy,
  jsonOf,
  type OptionIssue,
  type OptionShape,
  type OptionsInput,
  type OptionsOutput,
  type OptionType,
} from "./plugins/option-type.ts";
export type { OptionsSchema } from "./plugins/options-schema.ts";
export type { MakePlugin, PluginDefinition } from "./plugins/plugin.ts";
export { pluginsOf } from "./plugins/plugin.ts";
export { type Refusal, type RefusalOptions, refusalOf } from "./plugins/refusal.ts";
export { philox } from "./random/philox.ts";
export type { RandomState } from "./random/random.ts";
export { randomFrom } from "./random/random.ts";
