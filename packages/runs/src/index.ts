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
export { appendLog, type LogRow, readLog, truncateLog } from "./log.ts";
export { memoryStorage } from "./storage/memory.ts";
export type { FileContent, RunStorage } from "./storage/storage.ts";
export { readText } from "./storage/text.ts";
export { within } from "./storage/within.ts";
