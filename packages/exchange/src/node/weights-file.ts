import { type FileHandle, open } from "node:fs/promises";
import { fail } from "@ddpm/core";
import { fileRefusal, GIT_LFS_POINTER_BYTES, refuseGitLfsPointer } from "@ddpm/core/authoring";
import { readSafetensors, type SafeTensor } from "@ddpm/weights";
import { HEADER_LIMIT, type HeaderEntry, readHeader } from "@ddpm/weights/authoring";
import { isPickle, refusePickle } from "./pickle.ts";

const WHERE = "exchange/weights-file";

/** Tensors of one file or of several, known by their headers; their numbers are read on request. */
export interface WeightsFile {
  /** Shapes by name. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /**
   * @param names of tensors that are there
   * @returns these and no others
   */
  read(names: Iterable<string>): Promise<Record<string, SafeTensor>>;
}

/**
 * Opens a safetensors file: only its header is read.
 *
 * @throws DdpmError for a file that is missing or damaged, and for a pickle, with its conversion
 */
export async function openWeights(path: string): Promise<WeightsFile> {
  const { entries, dataStart } = await using(path, (handle) => headerOf(handle, path));
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return {
    shapes: Object.fromEntries(entries.map(({ name, shape }) => [name, shape])),
    read: (names) =>
      using(path, async (handle) => {
        const found: Record<string, SafeTensor> = {};
        for (const name of names) found[name] = await tensorAt(handle, dataStart, byName.get(name)!, path);
        return found;
      }),
  };
}

async function headerOf(handle: FileHandle, path: string): Promise<ReturnType<typeof readHeader>> {
  const { size } = await handle.stat();
  const start = await bytesAt(handle, 0, Math.min(8, size));
  const last = await bytesAt(handle, Math.max(0, size - 1), Math.min(1, size));
  if (isPickle(path, start, last)) refusePickle(path);
  const claimed =
    start.length < 8 ? 0n : new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  // What is too long for the file, or for any header, is refused by these first bytes.
  const wanted = claimed > BigInt(HEADER_LIMIT) ? 8 : Math.min(8 + Number(claimed), size);
  return readHeader(await bytesAt(handle, 0, wanted), size, path);
}

/** One tensor by way of a file of its own, so that all checks are those of the reader. */
async function tensorAt(
  handle: FileHandle,
  dataStart: number,
  { name, dtype, shape, begin, end }: HeaderEntry,
  file: string,
): Promise<SafeTensor> {
  const text = JSON.stringify({ [name]: { dtype, shape, data_offsets: [0, end - begin] } });
  const header = new TextEncoder().encode(text.padEnd(text.length + ((8 - (text.length % 8)) % 8)));
  const bytes = new Uint8Array(8 + header.length + (end - begin));
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 8);
  await fill(handle, bytes.subarray(8 + header.length), dataStart + begin, file);
  return readSafetensors(bytes, { file }).tensors[name]!;
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}

/** Largest part read at once: some systems take no more than 2 GiB. */
const PART = 2 ** 28;

async function fill(handle: FileHandle, bytes: Uint8Array, position: number, file: string): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const part = Math.min(PART, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, part, position + done);
    if (bytesRead === 0) fail(WHERE, `${file} was cut short while it was read.`);
    done += bytesRead;
  }
}

async function using<Value>(path: string, use: (handle: FileHandle) => Promise<Value>): Promise<Value> {
  const handle = await open(path).catch((cause: Error) => unreadable(path, cause));
  try {
    const about = await handle.stat();
    if (about.isDirectory()) fail(WHERE, `${path} is a folder, expected safetensors.`);
    if (about.size < GIT_LFS_POINTER_BYTES)
      refuseGitLfsPointer(WHERE, await bytesAt(handle, 0, about.size), path);
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** Refuses a file that cannot be read, with the reason. */
export function unreadable(path: string, cause: Error): never {
  const { what, hint } = fileRefusal(cause) ?? { what: `cannot be read: ${cause.message}`, hint: undefined };
  return fail(WHERE, `${path} ${what}.`, hint, { cause });
}
