export type { Checkpoint, CheckpointMeta, LoadOptions, SavedCheckpoint, SaveOptions } from "./types.ts";
