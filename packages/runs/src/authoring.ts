export { checkImages } from "./build/check-images.ts";
export { checkDrawing, checkHeldOut, checkTraining } from "./build/check-training.ts";
export { type CreatePlugin, createBuiltIn } from "./build/create-plugin.ts";
export { fitToCaptions } from "./build/fit-to-captions.ts";
export { fitToImages } from "./build/fit-to-images.ts";
export type { TrainedAutoencoder } from "./build/parts.ts";
export type { TrainingInput } from "./build/training-loop-options.ts";
export { type BestCheckpoint, markBest, resumeBest } from "./checkpoint/best.ts";
export { classNamesIn, classNamesOf, renamedClasses } from "./checkpoint/class-names.ts";
export { imagesName } from "./checkpoint/layout.ts";
export { latestManifest, loadCheckpointFolder, type WhichCheckpoint } from "./checkpoint/load.ts";
export type { Manifest } from "./checkpoint/manifest.ts";
export { checkpointMeta } from "./checkpoint/meta.ts";
export { finishSave } from "./checkpoint/save.ts";
export { sha256 } from "./checkpoint/sha256.ts";
export type { CheckpointMeta, SavedCheckpoint, SaveOptions } from "./checkpoint/types.ts";
export { jsonOrText } from "./config/json-or-text.ts";
export { isSection, over, type Section } from "./config/over.ts";
export { applySetting } from "./config/set.ts";
export { decodeSettings, parseSettings } from "./config/settings-text.ts";
export { type AnySpec, isModuleSpec, type ModuleSpec } from "./config/spec.ts";
export { type Stage, type StagedDescription, stagesOf } from "./config/stages.ts";
export { type StreamSettings, streamSettings } from "./config/stream-settings.ts";
export {
  type FoundRun,
  foundRun,
  isRun,
  readRunConfig,
  updateRunConfig,
  writeRunConfig,
} from "./folder/config-file.ts";
export { checkpointUpTo, type Recovery, rateAfter, readRecoveries, recover } from "./folder/recoveries.ts";
export { firstState, type Start, startOf } from "./folder/start.ts";
export { type EncodeOptions, encodedImages } from "./latent/encoded-images.ts";
export {
  type ImageLatents,
  type ImageLatentsOptions,
  imageLatents,
  openLatents,
} from "./latent/image-latents.ts";
export { autoencoderHash, keepAutoencoder, readAutoencoder } from "./latent/kept-autoencoder.ts";
export { type LatentStreamOptions, latentStream } from "./latent/latent-stream.ts";
export { type LogRow, truncateLog } from "./log.ts";
export { type Resumed, type ResumeImages, resumeRun } from "./resume/resume.ts";
export { checkSameRun, lastingConfig } from "./resume/same-run.ts";
export type { FileContent } from "./storage/storage.ts";
export { readText } from "./storage/text.ts";
export { within } from "./storage/within.ts";
export type { StorageCheck } from "./testing/storage-suite.ts";
