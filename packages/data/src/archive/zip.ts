import { fail, isDdpmError } from "@ddpm/core";
import type { FileEntry } from "@zip.js/zip.js";
import type { ByteSource } from "../bytes/byte-source.ts";
import type { ArchiveEntry } from "./entry.ts";

/** Where a file is in a ZIP archive, and what it must unpack to. */
export interface ZippedFile {
  readonly source: ByteSource;
  /** Of its local header. */
  readonly offset: number;
  /** Bytes as stored, and unpacked. */
  readonly packed: number;
  readonly size: number;
  readonly deflated: boolean;
  readonly crc32: number;
}

/** What deflate can pack into one byte at most. Source: zlib, "Technical details", maximum compression factor. */
const DENSEST = 1032;

/**
 * The files in a ZIP archive, by its central directory; each is read from its place and checked by its CRC-32. All
 * of it is zip.js's to do; what an entry claims is checked before it is read.
 *
 * Source: PKWARE, APPNOTE.TXT.
 *
 * @param unpack instead of zip.js, where a platform has something faster; an Error says why not
 * @throws DdpmError naming the archive that is damaged, encrypted, or claims more bytes than it can hold
 */
export async function zipEntries(
  source: ByteSource,
  unpack?: (file: ZippedFile) => Promise<Uint8Array>,
): Promise<ArchiveEntry[]> {
  try {
    const { Reader, Uint8ArrayWriter, ZipReader } = await import("@zip.js/zip.js/lib/zip-core-native.js");
    const reader = Object.assign(new Reader<ByteSource>(source), {
      size: source.size,
      readUint8Array: (start: number, length: number) =>
        source.read(start, Math.max(0, Math.min(length, source.size - start))),
    });
    // The code that uses a name refuses those that lead outside.
    const zip = new ZipReader(reader, {
      useWebWorkers: false,
      checkSignature: true,
      filenameValidation: "tolerant",
    });
    const entries: ArchiveEntry[] = [];
    for await (const entry of zip.getEntriesGenerator()) {
      if (entry.directory) continue;
      const file = checked(source, entry);
      const read = unpack ?? (() => entry.getData(new Uint8ArrayWriter()));
      entries.push({
        name: entry.filename,
        size: file.size,
        link: entry.symlink,
        read: () =>
          read(file).catch((cause: unknown) => refuse(source, entry.filename, whyNot(cause), cause)),
      });
    }
    return entries;
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    return fail(
      "data/zip",
      `${source.name}: is not a sound ZIP archive (${messageOf(cause)}).`,
      "Download it again.",
      {
        cause,
      },
    );
  }
}

function checked(source: ByteSource, entry: FileEntry): ZippedFile {
  const { filename, encrypted, compressionMethod, uncompressedSize: size, compressedSize: packed } = entry;
  const no = (what: string): never => refuse(source, filename, what);
  if (encrypted) no("is encrypted");
  if (compressionMethod !== 0 && compressionMethod !== 8)
    no(`is packed by method ${compressionMethod}, expected stored or deflated`);
  const deflated = compressionMethod === 8;
  if (!(packed >= 0 && packed <= source.size)) no(`claims ${packed} bytes in an archive of ${source.size}`);
  if (!deflated && size !== packed) no(`claims ${size} bytes and stores ${packed}`);
  if (!(size >= 0 && size <= packed * DENSEST))
    no(`claims ${size} bytes in ${packed}, more than deflate can pack`);
  return { source, offset: entry.offset, packed, size, deflated, crc32: entry.crc32 ?? 0 };
}

function whyNot(cause: unknown): string {
  return `does not unpack (${messageOf(cause)})`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function refuse(source: ByteSource, name: string, what: string, cause?: unknown): never {
  if (isDdpmError(cause)) throw cause;
  return fail("data/zip", `${source.name}: ${name} ${what}.`, undefined, { cause });
}
