import { fail } from "@ddpm/core";
import type { RunStorage } from "../storage/storage.ts";
import { listCheckpoints, readLatest, removeCheckpoint, writeLatest } from "./layout.ts";

/**
 * Removes the checkpoints after `images`, so that a run resumes from there: first `latest` names the one at `images`, then
 * the others are removed, newest first. When the process is killed in between, the run resumes from there as well.
 *
 * @param images images seen at the checkpoint to resume from; 0, where there is none, is the start of the run
 * @throws DdpmError when there is no such checkpoint
 */
export async function rewind(run: RunStorage, images: number): Promise<void> {
  const saved = await listCheckpoints(run);
  if (saved.includes(images)) {
    if ((await readLatest(run)) !== images) await writeLatest(run, images);
  } else if (images > 0) {
    const known = saved.join(", ") || "none";
    fail(
      "runs/checkpoint",
      `${run.location} has no checkpoint at ${images} images to go back to, expected one of: ${known}.`,
    );
  }
  for (const later of saved.filter((one) => one > images).reverse()) await removeCheckpoint(run, later);
}
