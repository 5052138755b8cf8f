import type { ColumnMetaData, FileMetaData, SchemaElement } from "hyparquet";
import { type Page, readPage } from "./pages.ts";
import { readRuns } from "./runs.ts";

/** A column of plain values, maybe inside structs, never inside lists. */
export interface Leaf {
  /** Names from the top. */
  readonly path: readonly string[];
  readonly type: "BYTE_ARRAY" | "INT32" | "INT64";
  /** How many of the names may be missing. */
  readonly optional: number;
}

/** A value of a {@link Leaf}; undefined where it is missing. */
export type LeafValue = Uint8Array | number | undefined;

/**
 * The leaf at a path.
 *
 * @throws Error for a path that is not there, leads through a list, or ends in another type
 */
export function leafAt({ schema }: FileMetaData, path: readonly string[]): Leaf {
  let [at, optional] = [0, 0];
  let element: SchemaElement | undefined = schema[0];
  for (const name of path) {
    at = childAt(schema, at, name);
    element = schema[at]!;
    if (element.repetition_type === "REPEATED") throw new Error(`${path.join(".")} lies in a list`);
    if (element.repetition_type === "OPTIONAL") optional++;
  }
  const type = element?.type;
  if (type !== "BYTE_ARRAY" && type !== "INT32" && type !== "INT64")
    throw new Error(`${path.join(".")} is of type ${type ?? "group"}, which is not read`);
  return { path, type, optional };
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
 * The values of a column chunk. Time and memory grow with the chunk's bytes and the number of rows alone.
 *
 * Source: Apache Parquet, "Encodings"; Dremel's definition levels.
 *
 * @param chunk the bytes of all its pages
 * @param rows  values to expect
 * @throws Error for a page that is not sound, or an encoding other than plain and dictionaries
 */
export function columnValues(
  chunk: Uint8Array,
  { codec }: ColumnMetaData,
  leaf: Leaf,
  rows: number,
): LeafValue[] {
  const values: LeafValue[] = [];
  let dictionary: readonly LeafValue[] = [];
  for (let at = 0; values.length < rows && at < chunk.length; ) {
    const { page, end } = readPage(chunk, at, codec, rows - values.length);
    at = end;
    if (page?.kind === "dictionary") dictionary = plain(page.bytes, leaf, page.count);
    else if (page) for (const value of pageValues(page, leaf, dictionary)) values.push(value);
  }
  if (values.length !== rows)
    throw new Error(`${values.length} values of ${leaf.path.join(".")}, expected ${rows}`);
  return values;
}

function pageValues(page: Page, leaf: Leaf, dictionary: readonly LeafValue[]): readonly LeafValue[] {
  const { count, encoding } = page;
  let { bytes, levels } = page;
  if (page.kind === "data" && leaf.optional > 0) {
    const length = bytes.length < 4 ? -1 : view(bytes).getUint32(0, true);
    if (length < 0 || length > bytes.length - 4) throw new Error("definition levels beyond their page");
    levels = bytes.subarray(4, 4 + length);
    bytes = bytes.subarray(4 + length);
  }
  const width = 32 - Math.clz32(leaf.optional);
  const there = leaf.optional === 0 ? undefined : readRuns(levels, width, count);
  const held = there ? there.reduce((sum, level) => sum + (level === leaf.optional ? 1 : 0), 0) : count;
  const given = encoded(bytes, leaf, encoding, held, dictionary);
  if (!there) return given;
  let next = 0;
  return Array.from(there, (level) => (level === leaf.optional ? given[next++] : undefined));
}

function encoded(
  bytes: Uint8Array,
  leaf: Leaf,
  encoding: number,
  count: number,
  dictionary: readonly LeafValue[],
): readonly LeafValue[] {
  if (encoding === 0) return plain(bytes, leaf, count);
  if (encoding !== 2 && encoding !== 8)
    throw new Error(`values in encoding ${encoding}, expected plain or a dictionary`);
  if (count === 0) return [];
  const width = bytes[0] ?? 255;
  if (width > 32) throw new Error(`dictionary indices of ${width} bits`);
  return Array.from(readRuns(bytes.subarray(1), width, count), (index) => {
    if (index >= dictionary.length) throw new Error(`entry ${index} of a dictionary of ${dictionary.length}`);
    return dictionary[index];
  });
}

function plain(bytes: Uint8Array, { type }: Leaf, count: number): LeafValue[] {
  const numbers = view(bytes);
  const size = type === "INT32" ? 4 : type === "INT64" ? 8 : 0;
  if (size > 0 && count * size > bytes.length) throw new Error(`${count} numbers in ${bytes.length} bytes`);
  if (size === 4) return Array.from({ length: count }, (_, i) => numbers.getInt32(4 * i, true));
  if (size === 8) return Array.from({ length: count }, (_, i) => Number(numbers.getBigInt64(8 * i, true)));
  if (4 * count > bytes.length) throw new Error(`${count} values in ${bytes.length} bytes`);
  let at = 0;
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
