import { fail, isDdpmError } from "@ddpm/core";
import { createTarDecoder, type TarHeader } from "modern-tar";
import type { ByteSource } from "../bytes/byte-source.ts";
import type { ArchiveEntry } from "./entry.ts";

const BLOCK = 512;
/** Most blocks before a file: its own header, long names and extended fields. */
const MOST_AHEAD = 2 ** 8;
/** Bytes read at once while looking for headers. */
const WINDOW = 2 ** 14;

/**
 * The files in a TAR archive that is not packed: headers are looked up one after the other, and each file is read
 * later from its place. Headers are read by modern-tar, which is given nothing but them.
 *
 * Source: POSIX.1-2017, `pax`, "ustar Interchange Format" and "pax Header Block"; GNU tar, "Basic Tar Format".
 *
 * @throws DdpmError naming the archive that is damaged or ends early
 */
export async function tarEntries(source: ByteSource): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  for await (const entry of tarEntryStream(source)) entries.push(entry);
  return entries;
}

/** {@link tarEntries}, one by one: a caller that stops early has not read the rest. */
async function* tarEntryStream(source: ByteSource): AsyncGenerator<ArchiveEntry> {
  const refuse = (what: string, cause?: unknown): never =>
    fail("data/tar", `${source.name}: is not a sound TAR archive (${what}).`, "Download it again.", {
      cause,
    });
  const blockAt = blocks(source);
  try {
    for (let at = 0; at < source.size; ) {
      if (at + BLOCK <= source.size && (await blockAt(at)).every((byte) => byte === 0)) return;
      const { header, length } = await headerAt(blockAt, at);
      const { name, type, size } = header;
      const start = at + length;
      at = start + BLOCK * Math.ceil(size / BLOCK);
      if (start + size > source.size) refuse(`it ends within ${name}`);
      const link = type === "link" || type === "symlink";
      if (link || type === "file") yield { name, link, size, read: () => source.read(start, size) };
    }
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/**
 * The next file's header, with long names and extended fields applied.
 *
 * @returns it, and the bytes up to the file's own
 */
async function headerAt(
  blockAt: (at: number) => Promise<Uint8Array>,
  at: number,
): Promise<{ header: TarHeader; length: number }> {
  const { readable, writable } = createTarDecoder({ strict: true });
  const writer = writable.getWriter();
  let [found, length]: [TarHeader | undefined, number] = [undefined, 0];
  // Errors of decoding reach the writer, too.
  const reading = readable.getReader().read();
  reading.then(
    ({ value }) => {
      found = value?.header;
    },
    () => {},
  );
  try {
    while (!found) {
      if (length === MOST_AHEAD * BLOCK) throw new Error(`names or fields of more than ${length} bytes`);
      // One block at a time: the file's bytes begin where the decoder knows what it is.
      await writer.write(await blockAt(at + length));
      length += BLOCK;
    }
  } finally {
    writer.abort().catch(() => {});
  }
  return { header: found, length };
}

/** Reads blocks through a window, since many headers are close to each other. */
function blocks(source: ByteSource): (at: number) => Promise<Uint8Array> {
  let [from, window] = [0, new Uint8Array()];
  return async (at) => {
    if (at + BLOCK > source.size) throw new Error("it ends within a header");
    if (at < from || at + BLOCK > from + window.length) {
      from = at;
      window = new Uint8Array(await source.read(at, Math.min(WINDOW, source.size - at)));
    }
    return window.subarray(at - from, at - from + BLOCK);
  };
}
