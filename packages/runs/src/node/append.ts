import { explain } from "./explain.ts";
import { disk, type Files } from "./files.ts";

/**
 * Adds to the end of a file, which programs that follow it (`tail -f`, TensorBoard) keep open, and flushes it. What does not
 * fit on the disk is removed again.
 *
 * @throws DdpmError when the disk is full, or the file is not writable
 */
export async function appendFile(
  path: string,
  content: string | Uint8Array,
  files: Files = disk,
): Promise<void> {
  try {
    const handle = await files.open(path, "a");
    try {
      const { size } = await handle.stat();
      try {
        await handle.writeFile(content);
        await handle.sync();
      } catch (error) {
        await handle.truncate(size).catch(() => {});
        throw error;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    explain(path, error);
  }
}

/** Shortens a file to its first bytes in place: programs that follow it keep it open. */
export async function truncateFile(path: string, bytes: number, files: Files = disk): Promise<void> {
  try {
    const handle = await files.open(path, "r+");
    try {
      await handle.truncate(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    explain(path, error);
  }
}
