import { stat } from "node:fs/promises";
import type { ByteSource } from "../byte-source.ts";
import { bytesAt, readable } from "./files.ts";

/** A {@link ByteSource} of a file, opened for each read. @throws DdpmError naming a file that is not there */
export async function fileSource(path: string): Promise<ByteSource> {
  const { size } = await readable(path, (file) => stat(file));
  return { name: path, size, read: (start, length) => bytesAt(path, start, length) };
}
