export { buildParts, type CreatePlugin, createBuiltIn, type RunParts } from "./build/parts.ts";
export { type TrainingInput, trainingLoopOptions } from "./build/training-loop-options.ts";
export { type BestCheckpoint, markBest, readBest, resumeBest } from "./checkpoint/best.ts";
export {
  checkpointPath,
  hasCheckpoint,
  imagesName,
  listCheckpoints,
  readLatest,
} from "./checkpoint/layout.ts";
export {
  latestManifest,
  loadCheckpoint,
  loadCheckpointFolder,
  loadWeights,
  type WhichCheckpoint,
} from "./checkpoint/load.ts";
export type { Manifest } from "./checkpoint/manifest.ts";
export { rewind } from "./checkpoint/rewind.ts";
export { finishSave, saveCheckpoint } from "./checkpoint/save.ts";
export { sha256 } from "./checkpoint/sha256.ts";
export type { Checkpoint, CheckpointMeta, SavedCheckpoint, SaveOptions } from "./checkpoint/types.ts";
export { jsonOrText } from "./config/json-or-text.ts";
export { isSection, over, type Section } from "./config/over.ts";
export { parseRun } from "./config/parse.ts";
export { type RunConfig, type RunDescription, runSchema } from "./config/schema.ts";
export { applySetting } from "./config/set.ts";
export { type AnySpec, isModuleSpec, type ModuleSpec } from "./config/spec.ts";
export { type Stage, type StagedDescription, stagesOf } from "./config/stages.ts";
export { appendLog, type LogRow, readLog, truncateLog } from "./log.ts";
export { presets } from "./presets/index.ts";
export { memoryStorage } from "./storage/memory.ts";
export type { FileContent, RunStorage } from "./storage/storage.ts";
export { readText } from "./storage/text.ts";
export { within } from "./storage/within.ts";
