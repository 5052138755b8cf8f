import { type FileMetaData, parquetSchema } from "hyparquet";
import { columnKey, isSplitColumn, presentValue, SPLIT_COLUMNS } from "../listing/splits/split-column.ts";
import type { LeafValue } from "./column.ts";
import { huggingFaceNames, isText } from "./columns.ts";
import type { ParquetFile } from "./file.ts";
import type { ParquetRows } from "./rows.ts";

/** The split that a column gives each row, [N], as it is written; undefined where it is missing. */
export interface ParquetSplits {
  readonly column: string;
  readonly splits: readonly (string | undefined)[];
}

/**
 * The first column of all files that gives rows their splits: text, or numbers with names in the metadata.
 *
 * @param used columns that hold something else
 */
export async function parquetSplits(
  files: readonly ParquetFile[],
  rows: ParquetRows,
  used: readonly (string | undefined)[],
): Promise<ParquetSplits | undefined> {
  for (const name of SPLIT_COLUMNS) {
    const column = columnCalled(files[0]!.metadata, name);
    if (column === undefined || used.includes(column.name)) continue;
    if (!files.every(({ metadata }) => columnCalled(metadata, name)?.name === column.name)) continue;
    const { values } = await rows.column([column.name]);
    const splits = values.map((value) => presentValue(wordOf(value, column.names)));
    if (isSplitColumn(splits)) return { column: column.name, splits };
  }
  return undefined;
}

function columnCalled(
  metadata: FileMetaData,
  key: string,
): { readonly name: string; readonly names: readonly string[] | undefined } | undefined {
  const elements = parquetSchema(metadata).children.map(({ element }) => element);
  const found = elements.find(({ name }) => columnKey(name) === key);
  if (!found) return undefined;
  if (isText(found)) return { name: found.name, names: undefined };
  const names = huggingFaceNames(metadata, found.name);
  return names && ["INT32", "INT64"].includes(found.type ?? "") ? { name: found.name, names } : undefined;
}

const decoder = new TextDecoder();

function wordOf(value: LeafValue, names: readonly string[] | undefined): string | undefined {
  if (value instanceof Uint8Array) return decoder.decode(value);
  return typeof value === "number" ? names?.[value] : undefined;
}
