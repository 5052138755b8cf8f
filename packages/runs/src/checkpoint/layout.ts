import type { RunStorage } from "../storage/storage.ts";
import { readText } from "../storage/text.ts";
import { isUnfinished, unfinished } from "../storage/unfinished.ts";

/** The folder of all checkpoints in a run. */
export const CHECKPOINTS = "checkpoints";

/** Digits of a name by images seen, so that names sort as numbers do. */
const DIGITS = 12;

/** The name of a checkpoint or a picture after so many images: twelve digits. */
export function imagesName(images: number): string {
  return String(images).padStart(DIGITS, "0");
}

/** The path of a checkpoint's folder in its run. */
export function checkpointPath(images: number): string {
  return `${CHECKPOINTS}/${imagesName(images)}`;
}

/** Images seen at the finished checkpoints of a run, ascending; none where there are none. */
export async function listCheckpoints(run: RunStorage): Promise<number[]> {
  const names = await run.list(CHECKPOINTS);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Whether a run has a checkpoint to resume from. */
export async function hasCheckpoint(run: RunStorage): Promise<boolean> {
  return (await listCheckpoints(run)).length > 0;
}

/** Images seen at the checkpoint that `latest` names, where it is there. */
export async function readLatest(run: RunStorage): Promise<number | undefined> {
  const text = await readText(run, `${CHECKPOINTS}/latest`);
  return text === undefined ? undefined : Number(text);
}

/** Makes `latest` name the checkpoint after so many images. */
export async function writeLatest(run: RunStorage, images: number): Promise<void> {
  await run.write(`${CHECKPOINTS}/latest`, `${imagesName(images)}\n`);
}

/** Removes what a killed process left in the folder of checkpoints. */
export async function removeUnfinished(run: RunStorage): Promise<void> {
  const names = await run.list(CHECKPOINTS);
  for (const name of names.filter(isUnfinished)) {
    await run.remove(`${CHECKPOINTS}/${name}`);
  }
}

/** Removes a checkpoint that others may read: first its name, then its files. */
export async function removeCheckpoint(run: RunStorage, images: number): Promise<void> {
  const removed = unfinished(checkpointPath(images));
  await run.remove(removed);
  await run.rename(checkpointPath(images), removed);
  await run.remove(removed);
}
