import { basename, dirname, join } from "node:path";
import type { FileContent } from "../storage/storage.ts";
import { unfinished } from "../storage/unfinished.ts";
import { explain } from "./explain.ts";
import { disk, type Files, hasCode } from "./files.ts";

/**
 * Writes a file so that a reader sees the old one or the new one, even when the process or the machine stops in between:
 * temporary name in the same folder, flush, rename, flush of the folder. One writer per path.
 *
 * @param data text, bytes, or bytes in pieces
 * @throws DdpmError when the disk is full; the old file is intact then
 */
export async function writeFileAtomic(path: string, data: FileContent, files: Files = disk): Promise<void> {
  const temporary = join(dirname(path), unfinished(basename(path)));
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

/** Flushes the names in a folder; Windows does so by itself and opens no folders. */
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
