import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { fail, isDdpmError } from "@ddpm/core";
import { extract, type Header } from "tar-stream";
import type { ArchiveEntry } from "./archive.ts";
import { bytesAt, readable } from "./files.ts";

/** What a gzipped archive may unpack to: its files are kept in memory. */
export interface TarLimits {
  /** Bytes of all files that are kept. */
  readonly memory: number;
  /** Which files are kept. */
  wanted(name: string): boolean;
}

/**
 * The files in a TAR archive. A plain one is read through once for its headers, and each file later from where it
 * lies; a gzipped one (`.gz`, `.tgz`) has no places to read from, so its wanted files are unpacked into memory.
 *
 * @throws DdpmError naming the archive that is damaged, ends early, or unpacks to more than the limit
 */
export async function tarEntries(path: string, gzipped: boolean, limits: TarLimits): Promise<ArchiveEntry[]> {
  const refuse = (what: string, cause?: unknown): never =>
    fail("data/tar", `${path}: ${what}.`, undefined, { cause });
  const { size: whole } = await readable(path, (file) => stat(file));
  const found: ArchiveEntry[] = [];
  const tar = extract();
  let kept = 0;
  const take = async (header: Header & { byteOffset?: number }, body: AsyncIterable<Uint8Array>) => {
    const { name, type, size = 0, byteOffset } = header;
    const link = type === "symlink" || type === "link";
    const file = type === "file" || type === "contiguous-file";
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      if (!(gzipped && file && limits.wanted(name))) continue;
      kept += chunk.length;
      if (kept > limits.memory) refuse(`unpacks to more than ${limits.memory} bytes of pictures`);
      chunks.push(chunk);
    }
    if (!(file || link)) return;
    const bytes = gzipped ? new Uint8Array(Buffer.concat(chunks)) : undefined;
    if (!bytes && (byteOffset === undefined || byteOffset + size > whole)) refuse(`ends within ${name}`);
    found.push({ name, link, size, read: async () => bytes ?? bytesAt(path, byteOffset!, size) });
  };
  const reading = (async () => {
    for await (const entry of tar) await take(entry.header, entry as AsyncIterable<Uint8Array>);
  })();
  try {
    const source = createReadStream(path, { highWaterMark: 2 ** 20 });
    await Promise.all([gzipped ? pipeline(source, createGunzip(), tar) : pipeline(source, tar), reading]);
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    refuse(`is not a sound TAR archive (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  return found;
}
