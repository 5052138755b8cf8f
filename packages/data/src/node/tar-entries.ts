import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { fail } from "@ddpm/core";
import { chunksSource } from "../archive/chunks.ts";
import type { ArchiveEntry } from "../archive/entry.ts";
import { tarEntries as entriesOf } from "../archive/tar.ts";
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
  const chunks: Uint8Array[] = [];
  let kept = 0;
  try {
    await pipeline(createReadStream(path), createGunzip({ chunkSize: 2 ** 18 }), async (unpacked) => {
      for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
        kept += chunk.length;
        if (kept > memory) throw new Error("too much");
        chunks.push(chunk);
      }
    });
  } catch (cause) {
    if (kept > memory)
      fail("data/tar", `${path}: unpacks to more than ${memory} bytes.`, "Unpack it, or raise memory.");
    const why = cause instanceof Error ? cause.message : String(cause);
    fail("data/tar", `${path}: does not unpack (${why}).`, "Download it again.", { cause });
  }
  return entriesOf(chunksSource(path, chunks));
}
