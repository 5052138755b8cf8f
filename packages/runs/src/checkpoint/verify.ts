import { fail, isDdpmError } from "@ddpm/core";
import { pathIn, placeOf, type RunStorage } from "../storage/storage.ts";
import { readText } from "../storage/text.ts";
import { type FileFacts, factsOf, type Manifest, readManifest } from "./manifest.ts";

/** A checkpoint's files, read and checked. */
export interface CheckedFiles {
  readonly manifest: Manifest;
  readonly contents: Readonly<Record<string, Uint8Array>>;
}

/**
 * Reads files of a checkpoint and compares their lengths and checksums with `state.json`.
 *
 * @param path   the checkpoint's folder in its run
 * @param wanted the names of the files to read; all by default
 * @throws DdpmError naming the file that is missing or damaged
 */
export async function readChecked(
  run: RunStorage,
  path: string,
  wanted: (name: string) => boolean = () => true,
): Promise<CheckedFiles> {
  const manifest = await readManifest(run, path);
  const contents: Record<string, Uint8Array> = {};
  for (const [name, facts] of Object.entries(manifest.files)) {
    if (wanted(name)) contents[name] = await checked(run, pathIn(path, name), facts);
  }
  return { manifest, contents };
}

/** Whether the checkpoint at `path` is whole and the same as `draft`, checksums of all files included. */
export async function isCopy(run: RunStorage, draft: string, path: string): Promise<boolean> {
  const [expected, found] = await Promise.all(
    [draft, path].map((folder) => readText(run, pathIn(folder, "state.json"))),
  );
  if (expected !== found) return false;
  try {
    await readChecked(run, path);
    return true;
  } catch (error) {
    if (isDdpmError(error)) return false;
    throw error;
  }
}

async function checked(run: RunStorage, path: string, { bytes, sha256 }: FileFacts): Promise<Uint8Array> {
  const place = placeOf(run, path);
  const content = (await run.read(path)) ?? fail("runs/checkpoint", `${place} is missing.`);
  if (content.length !== bytes) {
    fail("runs/checkpoint", `${place} has ${content.length} bytes, expected ${bytes}.`);
  }
  if ((await factsOf(run, [content])).sha256 !== sha256) {
    fail("runs/checkpoint", `${place} does not have the checksum it was written with.`);
  }
  return content;
}
