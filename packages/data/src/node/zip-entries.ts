import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import type { ArchiveEntry } from "../archive/entry.ts";
import { zipEntries as entriesOf, type ZippedFile } from "../archive/zip.ts";
import type { ByteSource } from "../bytes/byte-source.ts";

const inflated = promisify(inflateRaw);

/**
 * The files in a ZIP archive, unpacked by Node's zlib: streams, as pages have them, take several times as long
 * for small files. @throws DdpmError as for one in memory
 */
export function zippedFiles(source: ByteSource): Promise<ArchiveEntry[]> {
  return entriesOf(source, unpacked);
}

/** A file of a ZIP archive, unpacked by Node's zlib. Source: PKWARE, APPNOTE.TXT, section 4.3.7. */
export async function unpacked({
  source,
  offset,
  packed,
  size,
  deflated,
  ...file
}: ZippedFile): Promise<Uint8Array> {
  const header = Buffer.from(await source.read(offset, 30));
  if (header.readUInt32LE(0) !== 0x04034b50) throw new Error("it does not begin where the directory says");
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const stored = await source.read(start, packed);
  const bytes = deflated ? await inflated(stored, { maxOutputLength: Math.max(1, size) }) : stored;
  if (bytes.length !== size) throw new Error(`it unpacks to ${bytes.length} bytes, expected ${size}`);
  if (crc32(bytes) !== file.crc32) throw new Error("it is damaged: its checksum does not match");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
