import type { TrainState } from "../state.ts";
import type { BestCheckpoint } from "./best.ts";
import type { Files } from "./files.ts";

/** Whatever JSON the run wants beside its weights: the resolved configuration, above all. */
export type CheckpointMeta = Readonly<Record<string, unknown>>;

/** How `saveCheckpoint` saves. */
export interface SaveOptions {
  /** Checkpoints to keep, ≥ 1; all when left out. The newest good one is never deleted. */
  readonly keep?: number;
  /** Keep for good the checkpoints that reach a multiple of so many images: snapshots for a post-hoc average. */
  readonly keepEvery?: number;
  /** What makes this one the best so far: it is marked so before older ones are deleted. */
  readonly best?: Omit<BestCheckpoint, "images">;
  /** Another file system, for tests. */
  readonly files?: Files;
}

/** How `loadCheckpoint` loads. */
export interface LoadOptions {
  /** Another file system, for tests. */
  readonly files?: Files;
}

/** What was written. */
export interface SavedCheckpoint {
  /** The checkpoint's folder. */
  readonly path: string;
  readonly images: number;
  /** Of its tensors. */
  readonly bytes: number;
}

/** What was read. */
export interface Checkpoint {
  /** The caller's to dispose, or to hand to `train`. */
  readonly state: TrainState;
  readonly meta: CheckpointMeta;
  readonly path: string;
  /** Why a newer checkpoint was not taken; empty when the newest was good. To be shown. */
  readonly warnings: readonly string[];
}
