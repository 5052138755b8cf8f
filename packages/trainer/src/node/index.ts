export { writeFileAtomic } from "./atomic.ts";
export type { Files } from "./files.ts";
export { listCheckpoints } from "./layout.ts";
export { hasCheckpoint, loadCheckpoint } from "./load.ts";
export { appendLog, type LogRow, readLog, truncateLog } from "./log.ts";
export { saveCheckpoint } from "./save.ts";
export type { EventPicture } from "./tfevents/event.ts";
export { type EventFile, eventFile } from "./tfevents/index.ts";
export type { Checkpoint, CheckpointMeta, LoadOptions, SavedCheckpoint, SaveOptions } from "./types.ts";
