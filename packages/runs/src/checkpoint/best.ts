import { fail } from "@ddpm/core";
import * as z from "zod";
import { placeOf, type RunStorage } from "../storage/storage.ts";
import { readText } from "../storage/text.ts";
import { CHECKPOINTS, checkpointPath } from "./layout.ts";

/** The checkpoint with the lowest metric so far. */
export interface BestCheckpoint {
  /** Images seen: names the checkpoint. */
  readonly images: number;
  /** What was measured, e.g. `heldOutLoss`. */
  readonly metric: string;
  readonly value: number;
}

const schema: z.ZodType<BestCheckpoint> = z.strictObject({
  images: z.int().min(0),
  metric: z.string().min(1),
  value: z.number(),
});

const PATH = `${CHECKPOINTS}/best.json`;

/** Marks a checkpoint as the best one: `saveCheckpoint` keeps it from now on. It must exist. */
export async function markBest(run: RunStorage, { images, metric, value }: BestCheckpoint): Promise<void> {
  if (!(await run.list(checkpointPath(images))).includes("state.json")) {
    fail("runs/checkpoint", `there is no checkpoint at ${images} images to mark as the best.`);
  }
  await run.write(PATH, `${JSON.stringify({ images, metric, value })}\n`);
}

/**
 * The best checkpoint, where one was marked.
 *
 * @throws DdpmError when `best.json` is damaged
 */
export async function readBest(run: RunStorage): Promise<BestCheckpoint | undefined> {
  const text = await readText(run, PATH);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const hint = "Delete it: the next measurement marks the best one again.";
    return fail("runs/checkpoint", `${placeOf(run, PATH)} is damaged.`, hint, { cause });
  }
}

/** Removes the mark of a checkpoint after `images`, for a run that resumes from there. */
export async function resumeBest(run: RunStorage, images: number): Promise<void> {
  const best = await readBest(run);
  if (best && best.images > images) await run.remove(PATH);
}
