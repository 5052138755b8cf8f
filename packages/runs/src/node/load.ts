import { loadCheckpoint, loadCheckpointFolder } from "../checkpoint/load.ts";
import type { Checkpoint } from "../checkpoint/types.ts";
import { fsStorage } from "./fs.ts";

/**
 * Reads the checkpoint that a user names.
 *
 * @param folder the run's folder
 * @param which  `latest`, `best`, the number of images it has seen, or the path of a checkpoint's folder
 * @throws DdpmError when there is none, or it is not whole
 */
export async function loadNamedCheckpoint(folder: string, which: string): Promise<Checkpoint> {
  const run = fsStorage(folder);
  if (which === "latest" || which === "best") return loadCheckpoint(run, which);
  return /^\d+$/.test(which) ? loadCheckpoint(run, Number(which)) : loadCheckpointFolder(fsStorage(which));
}
