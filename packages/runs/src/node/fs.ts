import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { RunStorage } from "../storage/storage.ts";
import { appendFile, truncateFile } from "./append.ts";
import { syncFolder, writeFileAtomic } from "./atomic.ts";
import { explain } from "./explain.ts";
import { disk, type Files, hasCode } from "./files.ts";
import { inPieces, readWhole } from "./read.ts";

/**
 * A folder of the file system as a storage: files are written under a temporary name, flushed, and renamed.
 *
 * @param folder its path; made when something is written
 */
export function fsStorage(folder: string, files: Files = disk): RunStorage {
  const at = (path: string): string => join(folder, path);
  const inFolder = async (path: string, work: (path: string) => Promise<void>): Promise<void> => {
    try {
      await work(at(path));
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
      await files
        .mkdir(dirname(at(path)), { recursive: true })
        .catch((cause: unknown) => explain(at(path), cause));
      await work(at(path));
    }
  };
  return {
    location: folder,
    read: (path) => readWhole(at(path), files).catch(missing(undefined)),
    write: (path, content) => inFolder(path, (file) => writeFileAtomic(file, content, files)),
    async list(path) {
      const names: string[] = await files.readdir(at(path)).catch(missing([]));
      return names.sort();
    },
    remove: (path) => files.rm(at(path), { recursive: true, force: true }),
    async rename(from, to) {
      await files.rename(at(from), at(to)).catch((error: unknown) => explain(at(to), error));
      await syncFolder(dirname(at(to)), files);
    },
    append: (path, content) => inFolder(path, (file) => appendFile(file, content, files)),
    truncate: (path, bytes) => truncateFile(at(path), bytes, files),
    sha256(pieces) {
      const hash = createHash("sha256");
      for (const bytes of pieces) for (const piece of inPieces(bytes)) hash.update(piece);
      return hash.digest("hex");
    },
  };
}

function missing<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return value;
    throw error;
  };
}
