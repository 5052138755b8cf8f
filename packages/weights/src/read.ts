import { fail } from "@ddpm/core";
import { DTYPES, type DTypeArray, type SafeTensor } from "./dtypes.ts";
import { type HeaderEntry, readHeader } from "./header.ts";
import { quoted } from "./quoted.ts";

/** Tensors and notes of one file. Both records have no prototype: only names from the file are in them. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. Arrays are views of `bytes` wherever their alignment allows it and copies elsewhere,
 * so memory never grows beyond what the file itself holds; keep `bytes` unchanged while they are in use.
 *
 * @param bytes a whole file
 * @param options.file what messages call the file
 * @throws DdpmError that names the tensor and what was expected, whatever the bytes are
 */
export function readSafetensors(bytes: Uint8Array, options: { readonly file?: string } = {}): Safetensors {
  const { file = "the file" } = options;
  const { entries, metadata, dataStart } = readHeader(bytes, bytes.length, file);
  const tensors: Record<string, SafeTensor> = Object.create(null);
  for (const entry of entries) tensors[entry.name] = tensorAt(bytes, dataStart, entry, file);
  return { tensors, metadata };
}

/** @throws DdpmError for a BOOL that is neither 0 nor 1, or on a big-endian machine */
function tensorAt(bytes: Uint8Array, dataStart: number, entry: HeaderEntry, file: string): SafeTensor {
  const { name, dtype, shape, begin, end } = entry;
  checkByteOrder();
  const ArrayClass = DTYPES[dtype];
  const width = ArrayClass.BYTES_PER_ELEMENT;
  const start = bytes.byteOffset + dataStart + begin;
  const count = (end - begin) / width;
  const data: DTypeArray =
    start % width === 0
      ? new ArrayClass(bytes.buffer, start, count)
      : new ArrayClass(copyOf(bytes, dataStart + begin, dataStart + end), 0, count);
  if (dtype === "BOOL" && (data as Uint8Array).some((value) => value > 1)) {
    fail("weights/read", `${file}: tensor ${quoted(name)}: a BOOL above 1, expected 0 or 1.`);
  }
  return { dtype, shape, data } as SafeTensor;
}

/** A copy of a part. Not `bytes.slice`: on a Node.js Buffer that is a view into a pool of other data. */
function copyOf(bytes: Uint8Array, begin: number, end: number): ArrayBuffer {
  return new Uint8Array(bytes.subarray(begin, end)).buffer;
}

/**
 * The format is little-endian, and so are typed arrays on all machines this is likely to meet.
 *
 * @throws DdpmError on a big-endian machine
 */
export function checkByteOrder(): void {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) return;
  fail("weights/read", "this machine is big-endian, expected a little-endian one.");
}
