import { join } from "node:path";
import { isUnfinished, unfinished } from "./atomic.ts";
import { disk, type Files, hasCode } from "./files.ts";

/** Digits of a checkpoint's name, so that names sort as numbers do. */
const DIGITS = 12;

/** The folder of all checkpoints of a run. */
export function checkpointsOf(run: string): string {
  return join(run, "checkpoints");
}

/** Name of the checkpoint after so many images. */
export function nameOf(images: number): string {
  return String(images).padStart(DIGITS, "0");
}

/** Names of finished checkpoints, oldest first; none where the folder is missing. */
export async function listCheckpoints(run: string, files: Files = disk): Promise<string[]> {
  const names = await entries(checkpointsOf(run), files);
  return names.filter((name) => /^\d+$/.test(name)).sort();
}

/** The name that `latest` holds, where there is one. */
export async function readLatest(run: string, files: Files = disk): Promise<string | undefined> {
  try {
    const text = await files.readFile(join(checkpointsOf(run), "latest"), "utf8");
    return text.trim();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Removes what a killed run left behind; for the one process that writes to this run. */
export async function removeUnfinished(run: string, files: Files = disk): Promise<void> {
  const folder = checkpointsOf(run);
  const names = await entries(folder, files);
  for (const name of names.filter(isUnfinished)) {
    await files.rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Removes a folder that others may look at: out of sight first, then file by file. */
export async function removeFolder(path: string, files: Files = disk): Promise<void> {
  const condemned = unfinished(path);
  await files.rm(condemned, { recursive: true, force: true });
  await files.rename(path, condemned);
  await files.rm(condemned, { recursive: true, force: true });
}

async function entries(folder: string, files: Files): Promise<string[]> {
  try {
    return await files.readdir(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
