import type { ColumnMetaData, FileMetaData, SchemaElement } from "hyparquet";
import { type Page, readPage } from "./pages.ts";
import { readRuns } from "./runs.ts";
import { Unsupported } from "./unsupported.ts";

/** A column of plain values, maybe inside structs, or inside one list. */
export interface Leaf {
  /** Names from the top. */
  readonly path: readonly string[];
  readonly type: (typeof TYPES)[number];
  /** Bytes of a value of `FIXED_LEN_BYTE_ARRAY`. */
  readonly length: number;
  /** How many of the names may be missing or repeated. */
  readonly definitions: number;
  /** 1 inside a list, 0 elsewhere. */
  readonly repetitions: number;
}

const TYPES = ["BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY", "INT32", "INT64", "FLOAT", "DOUBLE", "BOOLEAN"] as const;

/** A value of a {@link Leaf}; undefined where it is missing. */
export type LeafValue = Uint8Array | number | boolean | undefined;

/** Values of a column in the order of rows. */
export interface ColumnValues {
  readonly values: readonly LeafValue[];
  /** For a list: how many values each row has (one that is missing, where the list is empty or missing). */
  readonly counts?: readonly number[] | undefined;
}

/** Names of encodings by their numbers. Source: Apache Parquet, parquet.thrift, `Encoding`. */
const ENCODINGS: Readonly<Record<number, string>> = {
  4: "BIT_PACKED",
  5: "DELTA_BINARY_PACKED",
  6: "DELTA_LENGTH_BYTE_ARRAY",
  7: "DELTA_BYTE_ARRAY",
  9: "BYTE_STREAM_SPLIT",
};

/** Most values of a list column in a row group; and bytes that a chunk may unpack to, however few its own are. */
const [LISTED, DENSE] = [2 ** 24, 2 ** 28];

/**
 * The leaf at a path.
 *
 * @throws Error for a path that is not there, leads through two lists, or ends in another type
 */
export function leafAt({ schema }: FileMetaData, path: readonly string[]): Leaf {
  let [at, definitions, repetitions] = [0, 0, 0];
  let element: SchemaElement | undefined = schema[0];
  for (const name of path) {
    at = childAt(schema, at, name);
    element = schema[at]!;
    if (element.repetition_type !== "REQUIRED") definitions++;
    if (element.repetition_type === "REPEATED") repetitions++;
  }
  const column = `a column ${path.join(".")}`;
  if (repetitions > 1) throw new Unsupported(`${column} of lists inside of lists`);
  const type = TYPES.find((one) => one === element?.type);
  if (!type || element?.num_children) throw new Unsupported(`${column} of type ${element?.type ?? "group"}`);
  return { path, type, length: element?.type_length ?? 0, definitions, repetitions };
}

/** Where a child's element is: the schema is a tree written down depth first. */
function childAt(schema: readonly SchemaElement[], parent: number, name: string): number {
  let at = parent + 1;
  const after = (index: number): number => {
    let next = index + 1;
    for (let i = 0; i < (schema[index]?.num_children ?? 0) && next < schema.length; i++) next = after(next);
    return next;
  };
  for (let i = 0; i < (schema[parent]?.num_children ?? 0) && at < schema.length; i++) {
    if (schema[at]!.name === name) return at;
    at = after(at);
  }
  throw new Error(`there is no column ${name}`);
}

/**
 * The values of a column chunk. Time and memory grow with the chunk's bytes and the number of rows alone, up to 256 MiB
 * whatever these are.
 *
 * Source: Apache Parquet, "Encodings"; Dremel's repetition and definition levels.
 *
 * @param chunk the bytes of all its pages
 * @param rows  rows to expect
 * @throws Error for a page that is not sound; {@link Unsupported} for an encoding other than plain and dictionaries
 */
export function columnValues(
  chunk: Uint8Array,
  { codec, num_values }: ColumnMetaData,
  leaf: Leaf,
  rows: number,
): ColumnValues {
  const values: LeafValue[] = [];
  const counts: number[] | undefined = leaf.repetitions > 0 ? [] : undefined;
  const expected = counts ? Number(num_values) : rows;
  if (counts && !(expected <= LISTED)) throw new Unsupported(`a list column of ${expected} values`);
  let [dictionary, unpacked]: [readonly LeafValue[], number] = [[], 0];
  for (let at = 0; values.length < expected && at < chunk.length; ) {
    const { page, end } = readPage(chunk, at, codec, expected - values.length);
    at = end;
    unpacked += page?.bytes.length ?? 0;
    if (unpacked > Math.max(DENSE, chunk.length * 1100))
      throw new Unsupported(`a column ${leaf.path.join(".")} that unpacks to more than ${DENSE} bytes`);
    if (page?.kind === "dictionary") dictionary = plain(page.bytes, leaf, page.count);
    else if (page) for (const value of pageValues(page, leaf, dictionary, counts)) values.push(value);
  }
  if (values.length !== expected || (counts?.length ?? rows) !== rows)
    throw new Error(`${counts?.length ?? values.length} values of ${leaf.path.join(".")}, expected ${rows}`);
  return { values, counts };
}

/** @param counts of the rows so far, where these are lists: continued */
function pageValues(
  page: Page,
  leaf: Leaf,
  dictionary: readonly LeafValue[],
  counts: number[] | undefined,
): readonly LeafValue[] {
  const { count, encoding } = page;
  let { bytes, levels, repetitions } = page;
  const lead = (most: number, given: Uint8Array): Uint8Array => {
    if (page.kind !== "data" || most === 0) return given;
    const length = bytes.length < 4 ? -1 : view(bytes).getUint32(0, true);
    if (length < 0 || length > bytes.length - 4) throw new Error("levels beyond their page");
    const found = bytes.subarray(4, 4 + length);
    bytes = bytes.subarray(4 + length);
    return found;
  };
  repetitions = lead(leaf.repetitions, repetitions);
  levels = lead(leaf.definitions, levels);
  if (counts) {
    for (const level of readRuns(repetitions, 1, count)) {
      if (level === 0) counts.push(1);
      else if (counts.length === 0) throw new Error("a list that begins with no row");
      else counts[counts.length - 1]!++;
    }
  }
  const { definitions } = leaf;
  const there = definitions === 0 ? undefined : readRuns(levels, 32 - Math.clz32(definitions), count);
  const held = there ? there.reduce((sum, level) => sum + (level === definitions ? 1 : 0), 0) : count;
  const given = encoded(bytes, leaf, encoding, held, dictionary);
  if (!there) return given;
  let next = 0;
  return Array.from(there, (level) => (level === definitions ? given[next++] : undefined));
}

function encoded(
  bytes: Uint8Array,
  leaf: Leaf,
  encoding: number,
  count: number,
  dictionary: readonly LeafValue[],
): readonly LeafValue[] {
  if (encoding === 0) return plain(bytes, leaf, count);
  if (encoding === 3 && leaf.type === "BOOLEAN")
    return Array.from(readRuns(bytes.subarray(4), 1, count), (bit) => bit === 1);
  if (encoding !== 2 && encoding !== 8) {
    const name = ENCODINGS[encoding] ?? String(encoding);
    throw new Unsupported(`a column ${leaf.path.join(".")} in the encoding ${name}`);
  }
  if (count === 0) return [];
  const width = bytes[0] ?? 255;
  if (width > 32) throw new Error(`dictionary indices of ${width} bits`);
  return Array.from(readRuns(bytes.subarray(1), width, count), (index) => {
    if (index >= dictionary.length) throw new Error(`entry ${index} of a dictionary of ${dictionary.length}`);
    return dictionary[index];
  });
}

function plain(bytes: Uint8Array, { type, length: fixed }: Leaf, count: number): LeafValue[] {
  const numbers = view(bytes);
  const each = (size: number, read: (at: number) => LeafValue): LeafValue[] => {
    if (count * size > bytes.length) throw new Error(`${count} values in ${bytes.length} bytes`);
    return Array.from({ length: count }, (_, i) => read(i * size));
  };
  if (type === "INT32") return each(4, (at) => numbers.getInt32(at, true));
  if (type === "INT64") return each(8, (at) => Number(numbers.getBigInt64(at, true)));
  if (type === "FLOAT") return each(4, (at) => numbers.getFloat32(at, true));
  if (type === "DOUBLE") return each(8, (at) => numbers.getFloat64(at, true));
  if (type === "BOOLEAN") return each(1 / 8, (at) => ((bytes[Math.floor(at)]! >> (8 * (at % 1))) & 1) === 1);
  if (type === "FIXED_LEN_BYTE_ARRAY") {
    if (fixed < 1) throw new Error(`values of ${fixed} bytes`);
    return each(fixed, (at) => bytes.subarray(at, at + fixed));
  }
  let at = 0;
  if (4 * count > bytes.length) throw new Error(`${count} values in ${bytes.length} bytes`);
  return Array.from({ length: count }, () => {
    const length = at + 4 > bytes.length ? -1 : numbers.getUint32(at, true);
    if (length < 0 || length > bytes.length - at - 4) throw new Error("a value that reaches beyond its page");
    at += 4 + length;
    return bytes.subarray(at - length, at);
  });
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
