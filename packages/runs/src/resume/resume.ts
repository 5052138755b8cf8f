import { fail, type ImageStream } from "@ddpm/core";
import { countOf } from "@ddpm/core/authoring";
import { disposeState, type TrainState } from "@ddpm/trainer";
import { CHECKPOINTS } from "../checkpoint/layout.ts";
import { loadCheckpoint } from "../checkpoint/load.ts";
import type { CheckpointMeta } from "../checkpoint/types.ts";
import type { RunConfig } from "../config/schema.ts";
import { foundRun } from "../folder/config-file.ts";
import { readRecoveries } from "../folder/recoveries.ts";
import { readLog } from "../log.ts";
import { placeOf, type RunStorage } from "../storage/storage.ts";
import { sameImages } from "./same-run.ts";

/** The images with which a run is to resume. */
export interface ResumeImages extends Pick<ImageStream, "fingerprint" | "shape" | "length"> {
  /** They are decoded from image files, which browsers do in another way. */
  readonly decodes: boolean;
}

/** What a run resumes from. */
export interface Resumed {
  /** Yours to dispose, or to pass to the training. */
  readonly state: TrainState;
  readonly meta: CheckpointMeta;
  /** The images could not be compared: a browser decoded those of the checkpoint; their number and size agree. */
  readonly imagesUnverified: boolean;
  /** Why newer checkpoints were not taken, to be shown. */
  readonly warnings: readonly string[];
}

/**
 * The state of the newest good checkpoint of a run; undefined for a run that was stopped before its first one.
 *
 * @throws DdpmError where checkpoints were saved and are gone, or where the images are others
 */
export async function resumeRun(
  run: RunStorage,
  config: RunConfig,
  images: ResumeImages,
): Promise<Resumed | undefined> {
  const { newest } = await foundRun(run);
  if (newest === undefined) {
    await checkNoneSaved(run, config);
    return undefined;
  }
  const { state, meta, warnings } = await loadCheckpoint(run);
  const same = sameImages(meta, images);
  if (same !== "others") return { state, meta, imagesUnverified: same === "alike", warnings };
  disposeState(state);
  return fail(
    "runs/resume",
    `the images are not those that ${run.location} was begun with, or are read in another way here.`,
    "Give the same images, or begin another run.",
  );
}

/** Refuses to start again from 0 images where the folder shows that checkpoints were saved. */
async function checkNoneSaved(run: RunStorage, { every, train }: RunConfig): Promise<void> {
  const recovery = (await readRecoveries(run)).at(-1);
  const seen = (await readLog(run)).at(-1)?.images ?? 0;
  const firstSaved = Math.ceil(every.checkpoint / train.batch) * train.batch;
  const known = recovery?.from === 0 ? Math.max(recovery.diverged, firstSaved) : firstSaved;
  const removed = (await run.list(CHECKPOINTS)).length > 0 && recovery?.from !== 0;
  const complete = (await run.list("samples")).includes("final.png");
  if (!removed && seen <= known && !complete) return;
  fail(
    "runs/resume",
    `${run.location} was trained${seen > 0 ? ` (its log goes to ${countOf(seen, "image")})` : ""}, and its checkpoints are gone: ${placeOf(run, CHECKPOINTS)} holds none.`,
    "Put them back to resume, or delete the folder to train again from 0 images.",
  );
}
