import { fail } from "@ddpm/core";
import { refuseGitLfsPointer } from "@ddpm/core/authoring";
import { DTYPE_NAMES, DTYPES, type DType, isDType } from "./dtypes.ts";
import { faultInHeaderText } from "./header-text.ts";
import { quoted } from "./quoted.ts";

/** Largest header that is read, in bytes: the reference implementation's limit. */
export const HEADER_LIMIT = 100_000_000;

/** One tensor as the header describes it. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** First byte and one past the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** A checked header. */
export interface Header {
  /** In the order of their bytes, without gaps. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the tensors' bytes begin in the file. */
  readonly dataStart: number;
}

const WHERE = "weights/header";

/**
 * Reads and checks a safetensors header: enough to list a file, or to fetch some of its tensors by range.
 *
 * Source: https://huggingface.co/docs/safetensors, section Format. Stricter than the reference implementation
 * in what could hide something: duplicate names and unknown fields are refused.
 *
 * @param bytes  the file, or its first `8 + header length` bytes at least
 * @param length bytes of the whole file, 0 and up
 * @param file   what messages call the file
 * @throws DdpmError that names the tensor and what was expected, whatever the bytes are
 */
export function readHeader(bytes: Uint8Array, length: number = bytes.length, file = "the file"): Header {
  const refuse = (what: string): never => fail(WHERE, `${file}: ${what}.`);
  if (bytes.length >= length) refuseGitLfsPointer(WHERE, bytes, file);
  if (length < 8 || bytes.length < 8) {
    refuse(`${Math.min(length, bytes.length)} bytes, expected at least 8 for the header's length`);
  }
  const size = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (size > BigInt(HEADER_LIMIT)) refuse(`a header of ${size} bytes, expected at most ${HEADER_LIMIT}`);
  const dataStart = 8 + Number(size);
  if (dataStart > length) refuse(`a header of ${size} bytes in a file of ${length}, it must be truncated`);
  if (dataStart > bytes.length) refuse(`${bytes.length} bytes at hand, expected ${dataStart} for the header`);

  const parsed = parse(bytes.subarray(8, dataStart), refuse);
  const metadata: Record<string, string> = Object.create(null);
  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(parsed)) {
    checkName(name, refuse);
    if (name !== "__metadata__") entries.push(entry(name, value, refuse));
    // As the reference reads it, null is no metadata.
    else if (value !== null) {
      if (!isObject(value)) refuse("__metadata__ is not an object, expected strings by name");
      for (const [key, text] of Object.entries(value as object)) {
        checkName(key, refuse);
        if (typeof text !== "string") refuse(`metadata ${quoted(key)} is not a string, expected one`);
        metadata[key] = text;
      }
    }
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(entries, length - dataStart, refuse);
  return { entries, metadata, dataStart };
}

function parse(bytes: Uint8Array, refuse: (what: string) => never): Record<string, unknown> {
  if (bytes[0] !== 0x7b) refuse("the header does not begin with {, expected a JSON object");
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    refuse("the header is not UTF-8");
  }
  const fault = faultInHeaderText(text);
  if (fault) refuse(`in the header, ${fault}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    refuse(`the header is not JSON: ${(error as Error).message}`);
  }
  return parsed as Record<string, unknown>;
}

/** Names that would change a plain object instead of being stored in it, or that UTF-8 cannot write. */
export function checkName(name: string, refuse: (what: string) => never): void {
  if (name === "__proto__") refuse('the name "__proto__", expected one that an object can safely hold');
  if (/\p{Surrogate}/u.test(name)) refuse(`the name ${quoted(name)} holds half a surrogate pair`);
}

function entry(name: string, value: unknown, refuse: (what: string) => never): HeaderEntry {
  const bad = (what: string): never => refuse(`tensor ${quoted(name)}: ${what}`);
  if (!isObject(value)) return bad("not an object, expected dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) bad(`unknown field ${quoted(unknown)}, expected dtype, shape and data_offsets`);
  if (!isDType(dtype)) {
    return bad(`dtype ${quoted(String(JSON.stringify(dtype)))}, expected one of ${DTYPE_NAMES.join(", ")}`);
  }
  if (!isSizes(shape)) return bad("shape is not a list of whole numbers from 0 to 2^53 − 1");
  if (!isSizes(offsets) || offsets.length !== 2) return bad("data_offsets are not two whole numbers");
  const [begin, end] = offsets as [number, number];
  if (begin > end) bad(`data_offsets ${begin} … ${end}, expected the first not above the second`);
  let bytes = DTYPES[dtype].BYTES_PER_ELEMENT;
  for (const size of shape) {
    bytes *= size;
    if (!Number.isSafeInteger(bytes)) bad("shape multiplies to more than 2^53 − 1 bytes");
  }
  if (end - begin !== bytes) {
    bad(`${end - begin} bytes by its data_offsets, expected ${bytes} for its ${dtype} of its shape`);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must cover the data exactly, one after the other. */
function checkCover(
  entries: readonly HeaderEntry[],
  available: number,
  refuse: (what: string) => never,
): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    const kind = begin < at ? "overlaps what is before it" : "leaves a hole before it";
    if (begin !== at) refuse(`tensor ${quoted(name)} begins at byte ${begin} and ${kind}, expected ${at}`);
    if (end > available) {
      refuse(
        `tensor ${quoted(name)} ends at byte ${end} of ${available} bytes of data, it must be truncated`,
      );
    }
    at = end;
  }
  if (at !== available) refuse(`${available - at} bytes after the last tensor, expected none`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
