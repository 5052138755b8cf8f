import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { explain } from "./explain.ts";
import { disk, type Files, hasCode } from "./files.ts";

/**
 * Makes a folder, with those above it, and checks that it is writable.
 *
 * @returns the topmost folder that was made; undefined where all existed
 * @throws DdpmError when it is on a read-only or full file system, or not writable for this user
 */
export async function makeFolder(path: string, files: Files = disk): Promise<string | undefined> {
  try {
    const made = await files.mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
    return made;
  } catch (error) {
    return explain(path, hasCode(error, "ENOENT") ? await reasonOf(path, error, files) : error);
  }
}

/** Node reports a read-only file system as a missing path when it makes several folders: one at a time it is exact. */
async function reasonOf(path: string, missing: unknown, files: Files): Promise<unknown> {
  try {
    await files.mkdir(path);
    await files.rm(path, { recursive: true });
    return missing;
  } catch (error) {
    const above = dirname(path);
    return hasCode(error, "ENOENT") && above !== path ? reasonOf(above, missing, files) : error;
  }
}
