import { basename, dirname, join } from "node:path";
import { explain } from "./explain.ts";
import { disk, type Files, hasCode } from "./files.ts";

/** Names that begin with a dot and end so are unfinished or condemned: no reader looks at them. */
const UNFINISHED = ".unfinished";

/** Where a file or folder is made before it gets its name. */
export function unfinished(path: string): string {
  return join(dirname(path), `.${basename(path)}${UNFINISHED}`);
}

/** Whether a name is one of {@link unfinished}'s. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(".") && name.endsWith(UNFINISHED);
}

/**
 * Writes a file so that a reader sees the old one or the new one and never half of one, even when the process or
 * the machine stops in between: temporary name beside it, flush, rename, flush of the folder. One writer per path.
 *
 * @param data text, bytes, or bytes in pieces
 * @throws DdpmError when the disk is full, with the old file as it was and nothing left behind
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array | readonly Uint8Array[],
  files: Files = disk,
): Promise<void> {
  const temporary = unfinished(path);
  try {
    const handle = await files.open(temporary, "w");
    try {
      const pieces = typeof data === "string" || data instanceof Uint8Array ? [data] : data;
      for (const piece of pieces) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => {});
    explain(path, error);
  }
  await syncFolder(dirname(path), files);
}

/** Makes renames in a folder last; Windows flushes them by itself and opens no folders. */
export async function syncFolder(folder: string, files: Files = disk): Promise<void> {
  try {
    const handle = await files.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!hasCode(error, "EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP")) throw error;
  }
}
