import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fail } from "@ddpm/core";
import { isHidden } from "../names.ts";
import { readable, refusePointerAt } from "./files.ts";

/** A first look at a path: enough for a format to recognise it, without reading files whole. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  readonly kind: "file" | "folder";
  /** What is in a folder, sorted; empty for a file. */
  readonly names: readonly string[];
  /** The first 16 bytes of a file; empty for a folder. */
  readonly head: Uint8Array;
}

/** @throws DdpmError when there is nothing to read at the path, or a Git LFS pointer */
export async function placeAt(path: string): Promise<Place> {
  const at = resolve(path);
  const stats = await readable(at, (folder) => stat(folder));
  if (stats.isDirectory()) {
    const names = (await readable(at, (folder) => readdir(folder))).filter((name) => !isHidden(name)).sort();
    return { path: at, kind: "folder", names, head: new Uint8Array() };
  }
  if (!stats.isFile()) fail("data/open", `${at} is neither a file nor a folder.`);
  await refusePointerAt(at, stats.size);
  return { path: at, kind: "file", names: [], head: await readable(at, headOf) };
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

/** The names of the folder (for a file: the one it lies in) and of the folder above, innermost first. */
export function folderNames({ path, kind }: Place): [string, string] {
  const folder = kind === "folder" ? path : dirname(path);
  return [basename(folder), basename(dirname(folder))];
}
