import type { CompressionCodec } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { readThrift, type ThriftStruct } from "./thrift.ts";
import { Unsupported } from "./unsupported.ts";

/** A page of a column: its header's numbers, and its bytes unpacked. */
export interface Page {
  readonly kind: "dictionary" | "data" | "data-v2";
  /** Values, missing ones included. */
  readonly count: number;
  /** Number of the encoding in Parquet's list. */
  readonly encoding: number;
  /** Levels and values; of a page of version 2, only values. */
  readonly bytes: Uint8Array;
  /** Repetition and definition levels of a page of version 2. */
  readonly repetitions: Uint8Array;
  readonly levels: Uint8Array;
}

/** Most bytes that a page may unpack to for each of its own: beyond what Snappy, deflate and LZ4 can do. */
const DENSEST = 1100;

/** Bytes that a page may unpack to however few its own are: zstd and brotli have no densest. */
const DENSE = 2 ** 25;

/** Most bytes of one page, unpacked. */
const LARGEST = 2 ** 30;

/**
 * The page at a place of a column chunk, checked against the chunk: no size reaches beyond it, and none claims more
 * than it can unpack to.
 *
 * Source: Apache Parquet, parquet.thrift, `PageHeader`.
 *
 * @param most values that the chunk still lacks
 * @returns the page, or undefined for one to be passed over; and where the next begins
 * @throws Error for a header or a page that is not sound
 */
export function readPage(
  chunk: Uint8Array,
  start: number,
  codec: CompressionCodec,
  most: number,
): { readonly page: Page | undefined; readonly end: number } {
  const { value: header, end: body } = readThrift(chunk, start);
  const size = within(header[2], LARGEST, "an unpacked size");
  const stored = within(header[3], chunk.length - body, "a stored size");
  const bytes = chunk.subarray(body, body + stored);
  const end = body + stored;
  const kind = header[1];
  if (kind === 1) return { page: undefined, end };
  if (kind === 2) {
    const { 1: count } = part(header[7]);
    const unpacked = unpack(bytes, size, codec);
    const page = {
      kind: "dictionary",
      encoding: 0,
      bytes: unpacked,
      repetitions: EMPTY,
      levels: EMPTY,
    } as const;
    return { page: { ...page, count: within(count, unpacked.length, "a dictionary's size") }, end };
  }
  if (kind === 0) {
    const { 1: count, 2: encoding } = part(header[5]);
    const page = {
      kind: "data",
      bytes: unpack(bytes, size, codec),
      repetitions: EMPTY,
      levels: EMPTY,
    } as const;
    return { page: { ...page, count: within(count, most, "a count"), encoding: Number(encoding) }, end };
  }
  if (kind !== 3) throw new Error(`a page of kind ${String(kind)}`);
  const { 1: count, 4: encoding, 5: definitions = 0, 6: repetitions = 0, 7: packed = true } = part(header[8]);
  const skipped = within(repetitions, stored, "repetition levels");
  const levels = within(definitions, stored - skipped, "definition levels");
  const lead = skipped + levels;
  const values = bytes.subarray(lead);
  const page = {
    kind: "data-v2",
    count: within(count, most, "a count"),
    encoding: Number(encoding),
    repetitions: bytes.subarray(0, skipped),
    levels: bytes.subarray(skipped, lead),
    bytes: packed ? unpack(values, Math.max(0, size - lead), codec) : values,
  } as const;
  return { page, end };
}

const EMPTY = new Uint8Array();

function within(value: unknown, most: number, what: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw new Error(`${what} of ${String(value)}, expected up to ${most}`);
}

function part(value: unknown): ThriftStruct {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as ThriftStruct;
  throw new Error("a page without its header");
}

function unpack(bytes: Uint8Array, size: number, codec: CompressionCodec): Uint8Array {
  if (size > Math.max(DENSE, bytes.length * DENSEST))
    throw new Unsupported(`a page that claims ${size} bytes in ${bytes.length}`);
  if (codec === "UNCOMPRESSED") {
    if (size !== bytes.length) throw new Error(`${bytes.length} bytes, expected ${size}`);
    return bytes;
  }
  const unpacker = compressors[codec] ?? unknownCodec(codec);
  const unpacked = size === 0 ? EMPTY : unpacker(bytes, size);
  if (unpacked.length !== size) throw new Error(`a page of ${unpacked.length} bytes, expected ${size}`);
  return unpacked;
}

function unknownCodec(codec: string): never {
  throw new Unsupported(`the codec ${codec}`);
}
