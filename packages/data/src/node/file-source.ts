import { stat } from "node:fs/promises";
import type { ByteSource } from "../bytes/byte-source.ts";
import { bytesAt, readable, refusePointerAt } from "./files.ts";

/** A {@link ByteSource} of a file, opened for each read. @throws DdpmError naming a file that is not there, or a Git LFS pointer */
export async function fileSource(path: string): Promise<ByteSource> {
  const { size } = await readable(path, (file) => stat(file));
  await refusePointerAt(path, size);
  return { name: path, size, read: (start, length) => bytesAt(path, start, length) };
}
