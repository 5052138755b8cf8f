import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import type { ArchiveEntry } from "../archive/entry.ts";
import { zipEntries as entriesOf } from "../archive/zip.ts";
import { fileSource } from "./file-source.ts";

const unpack = promisify(inflateRaw);

/** The files in a ZIP archive on disk, unpacked by Node's zlib. @throws DdpmError as for one in memory */
export async function zipEntries(path: string): Promise<ArchiveEntry[]> {
  return entriesOf(await fileSource(path), {
    crc32: (bytes) => crc32(bytes),
    async inflate(bytes, size) {
      const { buffer, byteOffset, length } = await unpack(bytes, { maxOutputLength: Math.max(1, size) });
      return new Uint8Array(buffer, byteOffset, length);
    },
  });
}
