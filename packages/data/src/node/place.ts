import { open, readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fail } from "@ddpm/core";
import type { Place } from "../formats/format.ts";
import type { Contents } from "../listing/contents.ts";
import { isHidden } from "../pictures/picture-names.ts";
import { contentsOf } from "./contents.ts";
import { readable, refusePointerAt } from "./files.ts";

/** A first look at a path: enough for a format to recognise it, without reading files whole. */
export interface PlaceOnDisk extends Place {
  readonly kind: "file" | "folder";
  /** What is in a folder, sorted; empty for a file. */
  readonly names: readonly string[];
  /** The first 16 bytes of a file; empty for a folder. */
  readonly head: Uint8Array;
}

/**
 * @param memory most bytes that a gzipped TAR may take unpacked; 1 GiB
 * @throws DdpmError when there is nothing to read at the path, or a Git LFS pointer
 */
export async function placeAt(path: string, memory: number = 2 ** 30): Promise<PlaceOnDisk> {
  const at = resolve(path);
  const stats = await readable(at, (folder) => stat(folder));
  if (!stats.isDirectory() && !stats.isFile()) fail("data/open", `${at} is neither a file nor a folder.`);
  const kind = stats.isDirectory() ? "folder" : "file";
  let found: Promise<Contents> | undefined;
  const contents = (): Promise<Contents> => {
    found ??= contentsOf(at, kind, memory);
    return found;
  };
  if (kind === "file") await refusePointerAt(at, stats.size);
  if (kind === "file") return { path: at, kind, names: [], head: await readable(at, headOf), contents };
  const names = (await readable(at, (folder) => readdir(folder))).filter((name) => !isHidden(name)).sort();
  return { path: at, kind, names, head: new Uint8Array(), contents };
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(16), 0, 16, 0);
    return buffer.slice(0, bytesRead);
  } finally {
    await file.close();
  }
}
