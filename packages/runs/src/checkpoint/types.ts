import type { TrainState } from "@ddpm/trainer";
import type { BestCheckpoint } from "./best.ts";

/** The run's own notes in a checkpoint, any JSON: the resolved configuration above all. */
export type CheckpointMeta = Readonly<Record<string, unknown>>;

/** Options of `saveCheckpoint`. */
export interface SaveOptions {
  /** Checkpoints to keep, ≥ 1; default: all. The newest one is never deleted. */
  readonly keep?: number;
  /** Keep every checkpoint that reaches a multiple of this many images: snapshots for a post-hoc average. */
  readonly keepEvery?: number;
  /** The metric by which this checkpoint is the best so far; older ones are deleted only after it is marked. */
  readonly best?: Omit<BestCheckpoint, "images">;
}

/** A checkpoint that was written. */
export interface SavedCheckpoint {
  /** Its folder, with the location of the storage. */
  readonly path: string;
  readonly images: number;
  /** Size of its tensors in bytes. */
  readonly bytes: number;
}

/** A checkpoint that was read. */
export interface Checkpoint {
  /** Yours to dispose, or to resume `trainingLoop` from. */
  readonly state: TrainState;
  readonly meta: CheckpointMeta;
  /** Its folder, with the location of the storage. */
  readonly path: string;
  /** Why newer checkpoints were not taken, to be shown; empty when the newest was whole. */
  readonly warnings: readonly string[];
}
