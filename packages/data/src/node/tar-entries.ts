import { createReadStream } from "node:fs";
import { chunksSource } from "../archive/chunks.ts";
import type { ArchiveEntry } from "../archive/entry.ts";
import { tarEntries as entriesOf } from "../archive/tar.ts";
import { gunzipStream } from "../gunzip.ts";
import { fileSource } from "./file-source.ts";

/**
 * The files in a TAR archive on disk. A plain one is read in place; a gzipped one (`.gz`, `.tgz`) has no places to
 * read from and is unpacked into memory.
 *
 * @param memory most bytes to unpack
 * @throws DdpmError naming the archive that is damaged, ends early, or unpacks to more than the limit
 */
export async function tarEntries(path: string, gzipped: boolean, memory: number): Promise<ArchiveEntry[]> {
  const source = await fileSource(path);
  if (!gzipped) return entriesOf(source);
  const chunks = await gunzipStream(createReadStream(path, { highWaterMark: 2 ** 18 }), path, memory);
  return entriesOf(chunksSource(path, chunks));
}
