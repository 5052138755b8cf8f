import { fail, isDdpmError } from "@ddpm/core";
import type { ByteSource } from "../byte-source.ts";
import { crc32 as plainCrc32 } from "./crc32.ts";
import type { ArchiveEntry } from "./entry.ts";
import { inflate as plainInflate } from "./inflate.ts";

/** What a platform may do faster. */
export interface ZipTools {
  /** Unpacks to at most `size` bytes. */
  readonly inflate?: (bytes: Uint8Array, size: number) => Promise<Uint8Array>;
  readonly crc32?: (bytes: Uint8Array) => number;
}

/** What deflate can pack into one byte at most. Source: zlib, "Technical details", maximum compression factor. */
const DENSEST = 1032;

const [END, END64, LOCATOR64, CENTRAL, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];

/**
 * The files in a ZIP archive, by its central directory; each is read from where it lies and checked by its CRC-32.
 *
 * Source: PKWARE, APPNOTE.TXT, sections 4.3 and 4.5.3 (ZIP64).
 *
 * @throws DdpmError naming the archive that is damaged, encrypted, or claims more bytes than it can hold
 */
export async function zipEntries(source: ByteSource, tools: ZipTools = {}): Promise<ArchiveEntry[]> {
  try {
    return await listed(source, tools);
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail("data/zip", `${source.name}: is not a sound ZIP archive (${why}).`, "Download it again.", {
      cause,
    });
  }
}

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly size: number;
}

async function listed(source: ByteSource, tools: ZipTools): Promise<ArchiveEntry[]> {
  const { count, start, size } = await directoryOf(source);
  if (start + size > source.size || count * 46 > size)
    throw new Error(`a directory of ${count} entries in ${size} bytes from ${start}`);
  const bytes = await source.read(start, size);
  const view = viewOf(bytes);
  const entries: ArchiveEntry[] = [];
  for (let at = 0, number = 0; number < count; number++) {
    if (at + 46 > size || view.getUint32(at, true) !== CENTRAL)
      throw new Error(`entry ${number} is not there`);
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const [name, extra, comment] = lengths as [number, number, number];
    const next = at + 46 + name + extra + comment;
    if (next > size) throw new Error(`entry ${number} ends beyond the directory`);
    const entry = entryAt(source, bytes, at, tools);
    if (!entry.name.endsWith("/")) entries.push(entry);
    at = next;
  }
  return entries;
}

/** From the record at the end, whose comment must reach the last byte. */
async function directoryOf(source: ByteSource): Promise<Directory> {
  const length = Math.min(source.size, 22 + 0xffff + 20);
  const from = source.size - length;
  const view = viewOf(await source.read(from, length));
  for (let at = length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END || at + 22 + view.getUint16(at + 20, true) !== length) continue;
    const [disk, count] = [view.getUint16(at + 4, true), view.getUint16(at + 10, true)];
    const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    const large = count === 0xffff || size === 0xffffffff || start === 0xffffffff;
    if (large && at >= 20 && view.getUint32(at - 20, true) === LOCATOR64)
      return directory64(source, whole(view, at - 12));
    if (disk !== 0) throw new Error("it is one part of several");
    return { count, start, size };
  }
  throw new Error("its directory's end is not there");
}

async function directory64(source: ByteSource, start: number): Promise<Directory> {
  const view = viewOf(await source.read(start, 56));
  if (view.getUint32(0, true) !== END64) throw new Error("its directory's end (ZIP64) is not there");
  return { count: whole(view, 32), size: whole(view, 40), start: whole(view, 48) };
}

function entryAt(source: ByteSource, bytes: Uint8Array, at: number, tools: ZipTools): ArchiveEntry {
  const { inflate = plainInflate, crc32 = plainCrc32 } = tools;
  const view = viewOf(bytes);
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
  const sum = view.getUint32(at + 16, true);
  const mode = view.getUint32(at + 38, true) >>> 16;
  const name = textOf(bytes.subarray(at + 46, at + 46 + nameLength));
  const refuse = (what: string): never => fail("data/zip", `${source.name}: ${name} ${what}.`);
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
  const fields = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const [size, packed, offset] = widened(fields, extra) as [number, number, number];

  if (flags & 1) refuse("is encrypted");
  if (method !== 0 && method !== 8) refuse(`is packed by method ${method}, expected stored or deflated`);
  if (method === 0 && size !== packed) refuse(`claims ${size} bytes and stores ${packed}`);
  if (packed > source.size) refuse(`claims ${packed} bytes in an archive of ${source.size}`);
  if (size > packed * DENSEST) refuse(`claims ${size} bytes in ${packed}, more than deflate can pack`);
  return {
    name,
    size,
    link: (mode & 0o170000) === 0o120000,
    async read() {
      const header = viewOf(await source.read(offset, 30));
      if (header.getUint32(0, true) !== LOCAL) refuse("does not begin where the directory says");
      const skip = 30 + header.getUint16(26, true) + header.getUint16(28, true);
      const stored = await source.read(offset + skip, packed);
      const unpacked =
        method === 0
          ? stored
          : await inflate(stored, size).catch((cause: Error) => refuse(`does not unpack (${cause.message})`));
      if (unpacked.length !== size) refuse(`unpacks to ${unpacked.length} bytes, expected ${size}`);
      if (crc32(unpacked) !== sum) refuse("is damaged: its checksum does not match");
      return unpacked;
    },
  };
}

/** Fields that are full in 32 bits stand in the ZIP64 field of the extra bytes, in this order. */
function widened(fields: readonly number[], extra: Uint8Array): number[] {
  if (!fields.includes(0xffffffff)) return [...fields];
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    let from = at + 4;
    if (id === 1)
      return fields.map((field) => {
        if (field !== 0xffffffff || from + 8 > Math.min(extra.length, at + 4 + length)) return field;
        from += 8;
        return whole(view, from - 8);
      });
    at = from + length;
  }
  return [...fields];
}

function whole(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > Number.MAX_SAFE_INTEGER) throw new Error(`a size of ${value} bytes`);
  return Number(value);
}

/** UTF-8, or the bytes as Latin-1 where they are none: names need only be told apart. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return String.fromCharCode(...bytes);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
