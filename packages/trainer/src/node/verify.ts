import { join } from "node:path";
import { fail, isDdpmError } from "@ddpm/core";
import { type Files, hasCode } from "./files.ts";
import { type FileFacts, factsOf, type Manifest, readManifest } from "./manifest.ts";

/** A checkpoint's files, read and checked. */
export interface WholeCheckpoint {
  readonly manifest: Manifest;
  readonly contents: Readonly<Record<string, Uint8Array>>;
}

/**
 * Reads a checkpoint's folder and compares lengths and checksums with state.json.
 *
 * @throws DdpmError naming the file that is missing or damaged
 */
export async function readWhole(path: string, files: Files): Promise<WholeCheckpoint> {
  const file = join(path, "state.json");
  const manifest = readManifest(file, new TextDecoder().decode(await bytesOf(file, files)));
  const contents: Record<string, Uint8Array> = {};
  for (const [name, facts] of Object.entries(manifest.files)) {
    contents[name] = await verified(join(path, name), facts, files);
  }
  return { manifest, contents };
}

/** Whether `path` is whole and says the same as `draft`, checksums of all files included. */
export async function isCopy(draft: string, path: string, files: Files): Promise<boolean> {
  try {
    const [wanted, found] = await Promise.all(
      [draft, path].map((folder) => files.readFile(join(folder, "state.json"), "utf8")),
    );
    if (wanted !== found) return false;
    await readWhole(path, files);
    return true;
  } catch (error) {
    if (isDdpmError(error) || hasCode(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}

async function verified(path: string, { bytes, sha256 }: FileFacts, files: Files): Promise<Uint8Array> {
  const content = await bytesOf(path, files);
  if (content.length !== bytes) {
    fail("trainer/checkpoint", `${path} has ${content.length} bytes, expected ${bytes}.`);
  }
  if (factsOf([content]).sha256 !== sha256) {
    fail("trainer/checkpoint", `${path} does not have the checksum it was written with.`);
  }
  return content;
}

async function bytesOf(path: string, files: Files): Promise<Uint8Array> {
  try {
    return await files.readFile(path);
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "ENOTDIR")) {
      fail("trainer/checkpoint", `${path} is missing.`, undefined, { cause });
    }
    throw cause;
  }
}
