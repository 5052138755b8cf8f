import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { fail, isDdpmError } from "@ddpm/core";
import { type Entry, open, type ZipFile } from "yauzl";
import type { ArchiveEntry } from "./archive.ts";
import { bytesAt } from "./files.ts";

const inflate = promisify(inflateRaw);

/** What deflate can pack into one byte at most. Source: zlib, "Technical details", maximum compression factor. */
const DENSEST = 1032;

/**
 * The files in a ZIP archive, by its central directory; each is read from where it lies and checked by its CRC-32.
 *
 * @throws DdpmError naming the archive that is damaged, encrypted, or claims more bytes than it can hold
 */
export async function zipEntries(path: string): Promise<ArchiveEntry[]> {
  try {
    const entries = await listed(path);
    return entries.filter(({ fileName }) => !fileName.endsWith("/")).map((entry) => checked(path, entry));
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail("data/zip", `${path}: is not a sound ZIP archive (${why}).`, "Download it again.", { cause });
  }
}

function listed(path: string): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: true }, (error, zip: ZipFile | undefined) => {
      if (error || !zip) return reject(error);
      const entries: Entry[] = [];
      zip.on("entry", (entry: Entry) => {
        entries.push(entry);
        zip.readEntry();
      });
      zip.on("end", () => resolve(entries));
      zip.on("error", reject);
      zip.readEntry();
    });
  });
}

function checked(path: string, entry: Entry): ArchiveEntry {
  const { fileName: name, uncompressedSize: size, compressedSize: packed, compressionMethod: method } = entry;
  const refuse = (what: string): never => fail("data/zip", `${path}: ${name} ${what}.`);
  if (entry.generalPurposeBitFlag & 1) refuse("is encrypted");
  if (method !== 0 && method !== 8) refuse(`is packed by method ${method}, expected stored or deflated`);
  if (method === 0 && size !== packed) refuse(`claims ${size} bytes and stores ${packed}`);
  if (size > packed * DENSEST) refuse(`claims ${size} bytes in ${packed}, more than deflate can pack`);
  return {
    name,
    size,
    link: ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000,
    async read() {
      const header = await bytesAt(path, entry.relativeOffsetOfLocalHeader, 30);
      const view = new DataView(header.buffer);
      if (view.getUint32(0, true) !== 0x04034b50) refuse("does not begin where the directory says");
      const skip = 30 + view.getUint16(26, true) + view.getUint16(28, true);
      const stored = await bytesAt(path, entry.relativeOffsetOfLocalHeader + skip, packed);
      const bytes = method === 0 ? stored : await unpacked(stored, size, refuse);
      if (bytes.length !== size) refuse(`unpacks to ${bytes.length} bytes, expected ${size}`);
      if (crc32(bytes) !== entry.crc32) refuse("is damaged: its checksum does not match");
      return bytes;
    },
  };
}

async function unpacked(
  stored: Uint8Array,
  size: number,
  refuse: (what: string) => never,
): Promise<Uint8Array> {
  try {
    const { buffer, byteOffset, length } = await inflate(stored, { maxOutputLength: Math.max(1, size) });
    return new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    return refuse(`does not unpack (${cause instanceof Error ? cause.message : String(cause)})`);
  }
}
