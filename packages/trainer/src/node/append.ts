import { explain } from "./explain.ts";
import { disk, type Files } from "./files.ts";

/**
 * Adds to the end of a file, which stays the same file for whoever follows it (`tail -f`, TensorBoard), and flushes it. What
 * does not fit on the disk is taken back.
 *
 * @param data what to add to a file of `size` bytes
 * @throws DdpmError when the disk is full, or the file is not writable
 */
export async function appendFile(
  path: string,
  data: (size: number) => string | Uint8Array,
  files: Files = disk,
): Promise<void> {
  try {
    const handle = await files.open(path, "a");
    try {
      const { size } = await handle.stat();
      try {
        await handle.writeFile(data(size));
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

/** Cuts a file to its first `size` bytes in place: it stays the same file for whoever follows it. */
export async function cutFile(path: string, size: number, files: Files = disk): Promise<void> {
  try {
    const handle = await files.open(path, "r+");
    try {
      await handle.truncate(size);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    explain(path, error);
  }
}
