import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** The folder of golden numbers: `DDPM_GOLDEN`, or the repository's copy of a part of them. */
export const goldenFolder: string =
  process.env.DDPM_GOLDEN ?? fileURLToPath(new URL("../../golden", import.meta.url));

/** A file's bytes, unpacked where the folder has it compressed, as `path` with `.gz` at the end. */
export function readGolden(path: string): Uint8Array {
  return new Uint8Array(existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`)));
}

/** Paths of the JSON files in one of the folder's parts, without `.gz`. */
export function goldenFiles(part: string): string[] {
  const folder = join(goldenFolder, part);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => name.replace(/\.gz$/, ""))
    .filter((name) => name.endsWith(".json") && name !== "INDEX.json")
    .map((name) => join(folder, name));
}
