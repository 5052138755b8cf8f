import { fail } from "@ddpm/core";
import { FILE_COLUMNS } from "../labels/label-list.ts";
import { nameInOneForm } from "../listing/name-form.ts";
import { columnKey } from "../listing/splits/split-column.ts";
import { delimitedRows } from "../parsers/delimited-rows.ts";

/** Captions by file name, in one form; undefined where a row has none. */
export type CaptionList = ReadonlyMap<string, string | undefined>;

type Row = ReadonlyMap<string, unknown>;

/**
 * The captions of a list: CSV with a line of column names, JSON lines, or a JSON list of objects.
 *
 * @param list    what messages call it
 * @param columns of captions; the first that is there
 * @returns undefined where the list has no such column, or none of files
 * @throws DdpmError naming the list: quotes that do not fit, a caption that is no text, a file with two captions
 */
export function parseCaptionList(
  text: string,
  list: string,
  columns: readonly string[],
): CaptionList | undefined {
  const rows = rowsOf(text, list);
  const names = new Set(rows.flatMap((row) => [...row.keys()]));
  const there = (wanted: readonly string[]) => wanted.map(columnKey).find((name) => names.has(name));
  const [file, column] = [there(FILE_COLUMNS), there(columns)];
  if (file === undefined || column === undefined) return undefined;
  const captions = new Map<string, string | undefined>();
  for (const row of rows) {
    const name = row.get(file);
    if (typeof name !== "string") continue;
    const own = nameInOneForm(name) ?? name;
    const caption = captionOf(row.get(column), () =>
      fail("data/captions", `${list} gives ${own} a caption in ${column} that is no text.`),
    );
    if (captions.has(own) && captions.get(own) !== caption)
      fail("data/captions", `${list} gives ${own} two captions.`, "Keep one of them.");
    captions.set(own, caption);
  }
  return captions;
}

/** The text of a caption without blanks at its ends; undefined where it is missing or empty. */
export function captionOf(value: unknown, refuse: () => never): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "string") return refuse();
  return value.trim() === "" ? undefined : value.trim();
}

function rowsOf(text: string, list: string): readonly Row[] {
  const body = text.replace(/^\uFEFF/, "");
  if (/^\s*\[/.test(body)) {
    const all = parsed(body);
    return Array.isArray(all) ? all.map(rowOf) : [];
  }
  if (/^\s*\{/.test(body)) return body.split("\n").map((line) => rowOf(parsed(line)));
  const [head = [], ...rows] = delimitedRows(body, (what) => fail("data/captions", `${list}: ${what}.`));
  return rows.map((row) => new Map(head.map((name, i) => [columnKey(name), row[i]])));
}

function rowOf(value: unknown): Row {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([name, field]) => [columnKey(name), field]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
