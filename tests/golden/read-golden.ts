import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** The folder of golden numbers: `DDPM_GOLDEN`, or the repository's copy of a part of them. */
export const goldenFolder: string =
  process.env.DDPM_GOLDEN ?? fileURLToPath(new URL("../../golden", import.meta.url));

/** Whether a folder named by `DDPM_GOLDEN` lacks a file; the repository's own folder has them all, or its tests fail. */
export function isLeftOut(name: string): boolean {
  const path = join(goldenFolder, name);
  return process.env.DDPM_GOLDEN !== undefined && !existsSync(path) && !existsSync(`${path}.gz`);
}

/** A file's bytes, unpacked where they are gzipped; `path` is with or without `.gz` at the end. */
export function readGolden(path: string): Uint8Array {
  const found = [path, `${path}.gz`].find((name) => existsSync(name));
  if (found === undefined) throw new Error(`neither ${path} nor ${path}.gz is there`);
  const bytes = readFileSync(found);
  return new Uint8Array(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
}

/** Paths of the JSON files in one of the folder's parts, without `.gz`. */
export function goldenFiles(part: string): string[] {
  return filesIn(join(goldenFolder, part)).filter(
    (path) => !relative(join(goldenFolder, part), path).includes(sep),
  );
}

/** Paths of all JSON files below a folder, without `.gz`, in order; indexes are left out. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).sort();
  const paths = names.flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    const plain = path.replace(/\.gz$/, "");
    return plain.endsWith(".json") && !plain.endsWith("INDEX.json") ? [plain] : [];
  });
  return [...new Set(paths)];
}

/** The files that an argument names: one of the golden folder, a folder in it, or a path of the caller's. */
export function filesNamed(argument: string): string[] {
  const plain = argument.replace(/\.gz$/, "").replace(/[\\/]+$/, "");
  const inFolder = filesIn(goldenFolder).filter((path) => {
    const name = relative(goldenFolder, path).split(sep).join("/");
    return (
      name === plain || name === `${plain}.json` || name.startsWith(`${plain}/`) || name.startsWith(argument)
    );
  });
  if (inFolder.length > 0) return inFolder;
  if (existsSync(plain) && statSync(plain).isDirectory()) return filesIn(plain);
  return [plain];
}
