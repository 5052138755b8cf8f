import { closeSync, fstatSync, open as openFile, readFileSync, read as readInto } from "node:fs";
import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { fail } from "@ddpm/core";
import { fileRefusal, GIT_LFS_POINTER_BYTES, refuseGitLfsPointer } from "@ddpm/core/authoring";
import { isHidden } from "../pictures/picture-names.ts";

const [opened, filled] = [promisify(openFile), promisify(readInto)];

/** A file below a folder. */
export interface FoundFile {
  /** From the folder, with `/` between names on every system. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last written, in milliseconds. */
  readonly changed: number;
}

/**
 * The files below a folder, recursively and through links, sorted by the UTF-16 codes of their paths. Names that begin with a dot, and others of the system, are
 * passed over.
 *
 * @param depth of folders to enter; all
 * @throws DdpmError naming what cannot be read
 */
export async function filesBelow(
  folder: string,
  depth: number = Number.POSITIVE_INFINITY,
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const visit = async (inside: string, above: readonly string[]): Promise<void> => {
    const here = await readable(join(folder, inside), (path) => realpath(path));
    if (above.includes(here)) return;
    const names = (await readable(here, (path) => readdir(path))).filter((name) => !isHidden(name));
    const entries = await Promise.all(
      names.map(async (name) => ({ name, at: await readable(join(here, name), (path) => stat(path)) })),
    );
    for (const { name, at } of entries) {
      const path = inside ? `${inside}/${name}` : name;
      if (at.isDirectory() && above.length + 1 < depth) await visit(path, [...above, here]);
      else if (at.isFile()) found.push({ path, size: at.size, changed: at.mtimeMs });
    }
  };
  await visit("", []);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A single file. @throws DdpmError naming one that is not there */
export async function fileAt(path: string): Promise<FoundFile> {
  const { size, mtimeMs } = await readable(path, (file) => stat(file));
  return { path: basename(path), size, changed: mtimeMs };
}

/**
 * A file's bytes.
 *
 * @throws DdpmError naming the file
 */
export async function bytesOf(path: string): Promise<Uint8Array> {
  const bytes = await readable(path, async (file) => {
    const small = await smallFile(file);
    if (small) return small;
    const { buffer, byteOffset, length } = await readFile(file);
    return new Uint8Array(buffer, byteOffset, length);
  });
  refuseGitLfsPointer("data/files", bytes, path);
  return bytes;
}

/** Most bytes that are read at once. */
const SMALL = 2 ** 20;

/** A small file's bytes in half the time of `readFile`: what does not wait for a disk is not given to a thread. */
async function smallFile(path: string): Promise<Uint8Array | undefined> {
  const file = await opened(path, "r");
  try {
    const about = fstatSync(file);
    if (!about.isFile() || about.size === 0 || about.size > SMALL) return undefined;
    const bytes = new Uint8Array(about.size);
    const { bytesRead } = await filled(file, bytes, 0, bytes.length, 0);
    return bytesRead === bytes.length ? bytes : undefined;
  } finally {
    closeSync(file);
  }
}

/** {@link bytesOf}, waiting. */
export function bytesNow(path: string): Uint8Array {
  const { buffer, byteOffset, length } = readNow(path);
  const bytes = new Uint8Array(buffer, byteOffset, length);
  refuseGitLfsPointer("data/files", bytes, path);
  return bytes;
}

function readNow(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    return unreadable(path, cause);
  }
}

/** @throws DdpmError where a file is a Git LFS pointer, of which no more than a pointer's bytes are read */
export async function refusePointerAt(path: string, size: number): Promise<void> {
  if (size < GIT_LFS_POINTER_BYTES) refuseGitLfsPointer("data/files", await bytesAt(path, 0, size), path);
}

/**
 * `length` bytes of a file from `start`; the file is closed again.
 *
 * @throws DdpmError naming a file that cannot be read or ends before
 */
export async function bytesAt(path: string, start: number, length: number): Promise<Uint8Array> {
  const file = await readable(path, (at) => open(at));
  try {
    const { size } = await file.stat();
    if (start + length > size) fail("data/files", `${path} ends at ${size}, before ${start + length}.`);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(bytes, at, length - at, start + at);
      if (bytesRead === 0) fail("data/files", `${path} became shorter while it was read.`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Turns the system's refusal into ours. */
export async function readable<Result>(
  path: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(path);
  } catch (cause) {
    return unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): never {
  const { what, hint } = fileRefusal(cause) ?? { what: `cannot be read (${String(cause)})`, hint: undefined };
  return fail("data/files", `${path} ${what}.`, hint, { cause });
}
