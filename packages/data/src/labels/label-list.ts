import { fail } from "@ddpm/core";
import { nameInOneForm } from "../listing/name-form.ts";
import { columnKey, isSplitColumn, presentValue, SPLIT_COLUMNS } from "../listing/splits/split-column.ts";
import { delimitedRows } from "../parsers/delimited-rows.ts";
import { inClassOrder } from "./class-order.ts";

/** Class names, and the label of each file, [N]. */
export interface FileLabels {
  readonly classes: readonly string[];
  readonly labels: readonly number[];
}

/** What a list says of files. */
export interface LabelList {
  /** Labels by file name, in one form; undefined where a row has none. */
  readonly labels: ReadonlyMap<string, string | undefined>;
  /** The list says that there are no labels at all: NVlabs' `"labels": null`. */
  readonly none: boolean;
  /** Splits by file name, in one form, as they are written: `train`; undefined where the list has no column of splits. */
  readonly splits: ReadonlyMap<string, string | undefined> | undefined;
}

// Compared without capitals, blanks and marks: `File Name` is `file_name`.
/** Columns of file names, the first one first. */
export const FILE_COLUMNS: readonly string[] = (
  "file_name file file_path path image image_name image_file image_path picture photo img img_name img_file img_path " +
  "fname name files paths images file_names file_paths image_paths image_id id"
).split(" ");
const LABEL = (
  "label class category target labels class_name class_label label_name category_name class_id label_id category_id " +
  "classes"
).split(" ");
/** Names of columns that messages list. */
const LISTED = 6;

/**
 * Labels of files from a list:
 *
 * - CSV, or with semicolons, tabs or bars between fields, with a line of column names,
 * - JSON: an object of labels by file, a list of objects, a list of pairs `["a.png", 0]`, or NVlabs' `dataset.json`,
 *   `{ "labels": [pairs] }` or `{ "labels": null }` for none,
 * - JSON lines.
 *
 * The file's column is the first of `file_name`, `file`, `file_path`, `path`, `image` …, `id`, the label's the first of
 * `label`, `class`, `category`, `target` …, whatever the capitals and marks. An empty label, `NaN`, `null` or `n/a` is
 * missing. The column of splits is the first of `split`, `set`, `subset`, `partition`, `phase`, `usage`, `fold` whose
 * values are names of splits (see `areSplits`); a list that has one needs no labels.
 *
 * @param text of the list
 * @param list what messages call it
 * @throws DdpmError naming the list: another form, columns that are not there, a file with two labels or two splits
 */
export function parseLabelList(text: string, list: string): LabelList {
  const refuse: Refuse = (what) => fail("data/labels", `${list}: ${what}.`);
  const json = /\.(json|jsonl|ndjson)$/i.test(list) || /^\s*[[{]/.test(text);
  const rows = json ? fromJson(text, refuse) : fromRows(text, refuse);
  if (rows === undefined) return { labels: new Map(), none: true, splits: undefined };
  if (rows.length === 0) refuse("has no entries, expected one for each image");
  const splits = splitsOf(rows, refuse);
  const bare = rows.find(({ unlabelled }) => unlabelled !== undefined);
  if (bare && splits && rows.every(({ unlabelled }) => unlabelled !== undefined))
    return { labels: new Map(), none: false, splits };
  bare?.unlabelled?.();
  return { labels: byFile(rows, ({ label }) => label, "labels", refuse), none: false, splits };
}

/** Splits by file name, of the first column whose values are names of splits. */
function splitsOf(rows: readonly Row[], refuse: Refuse): LabelList["splits"] {
  const column = SPLIT_COLUMNS.findIndex((_, at) => isSplitColumn(rows.map(({ splits }) => splits[at])));
  return column < 0 ? undefined : byFile(rows, ({ splits }) => splits[column], "splits", refuse);
}

function byFile(
  rows: readonly Row[],
  fieldOf: (row: Row) => string | undefined,
  what: string,
  refuse: Refuse,
): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const row of rows) {
    const name = nameInOneForm(row.file) ?? row.file;
    const value = presentValue(fieldOf(row));
    if (values.has(name) && values.get(name) !== value) refuse(`gives ${name} two ${what}`);
    values.set(name, value);
  }
  return values;
}

/**
 * Classes and labels by what a list says of each file: whole numbers are labels, and the classes are called 0 … the
 * largest; other words are the classes' names, in order.
 *
 * @param refuse called for a negative number among whole numbers, with its place
 */
export function labelsFrom(given: readonly string[], refuse: (index: number) => never): FileLabels {
  if (given.every((label) => /^-?\d+(?:\.0+)?$/.test(label))) {
    const negative = given.findIndex((label) => Number(label) < 0);
    if (negative >= 0) refuse(negative);
  }
  const whole = given.map((label) => /^(\d{1,6})(?:\.0+)?$/.exec(label)?.[1]);
  if (whole.every((label) => label !== undefined)) {
    const most = whole.reduce((a, b) => Math.max(a, Number(b)), 0);
    return { classes: Array.from({ length: most + 1 }, (_, i) => String(i)), labels: whole.map(Number) };
  }
  const classes = inClassOrder(new Set(given));
  const number = new Map(classes.map((name, label) => [name, label]));
  return { classes, labels: given.map((label) => number.get(label)!) };
}

type Refuse = (what: string) => never;

interface Row {
  readonly file: string;
  readonly label?: string | undefined;
  /** Refuses the row, which has no field for a label. */
  readonly unlabelled?: () => never;
  /** Values of the columns `SPLIT_COLUMNS`. */
  readonly splits: readonly (string | undefined)[];
}

/** @returns undefined where the list says that there are no labels */
function fromJson(text: string, refuse: Refuse): readonly Row[] | undefined {
  const body = text.replace(/^\uFEFF/, "");
  const whole = parsed(body);
  if (isObject(whole) && whole.labels === null) return undefined;
  if (isObject(whole) && Array.isArray(whole.images) && Array.isArray(whole.annotations))
    return refuse("has COCO's annotations, which are not read; expected one label for each file");
  if (isObject(whole) && Array.isArray(whole.labels)) return entries(whole.labels, refuse);
  if (Array.isArray(whole)) return entries(whole, refuse);
  if (isObject(whole) && fieldNamed(whole, FILE_COLUMNS) === undefined)
    return Object.entries(whole).map(([file, label]) => ({
      file,
      label: plain(label, file, refuse),
      splits: [],
    }));
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  return entries(lines.map(parsed), refuse);
}

function entries(list: readonly unknown[], refuse: Refuse): Row[] {
  return list.map((entry, i) => {
    const unlabelled = (): never =>
      refuse(
        `has no file and label in entry ${i + 1}, expected a pair, or one of ${some(FILE_COLUMNS)} and one of ${some(LABEL)}`,
      );
    if (Array.isArray(entry)) {
      const [file, label]: readonly unknown[] = entry;
      if (entry.length !== 2 || typeof file !== "string") return unlabelled();
      return { file, label: plain(label, file, refuse), splits: [] };
    }
    const object = isObject(entry) ? entry : {};
    const [file, label] = [fieldNamed(object, FILE_COLUMNS), fieldNamed(object, LABEL)];
    if (typeof file !== "string") return unlabelled();
    const splits = SPLIT_COLUMNS.map((name) => fieldNamed(object, [name])).map((value) =>
      typeof value === "string" ? value : undefined,
    );
    if (label === undefined) return { file, unlabelled, splits };
    return { file, label: plain(label, file, refuse), splits };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function fieldNamed(object: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  const keys = new Map(Object.keys(object).map((key) => [columnKey(key), key]));
  const name = names.map(columnKey).find((one) => keys.has(one));
  return name === undefined ? undefined : object[keys.get(name)!];
}

function some(names: readonly string[]): string {
  return `${names.slice(0, LISTED).join(", ")} …`;
}

function plain(value: unknown, file: string, refuse: Refuse): string | undefined {
  return labelText(value, () =>
    refuse(`gives ${file} the label ${JSON.stringify(value)}, expected one class`),
  );
}

/**
 * A label of a JSON file as text; a one-hot list, as NVlabs writes it, as the place of its one; undefined for null and
 * for what is not there.
 *
 * @param refuse called for anything that is no single class
 */
export function labelText(value: unknown, refuse: () => never): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  if (Array.isArray(value)) {
    const ones = value.flatMap((one, i) => (one === 1 ? [i] : []));
    if (ones.length === 1 && value.every((one) => one === 0 || one === 1)) return String(ones[0]);
  }
  return refuse();
}

function fromRows(text: string, refuse: Refuse): readonly Row[] {
  const [head = [], ...rows] = delimitedRows(text, refuse);
  const columns = head.map(columnKey);
  const column = (names: readonly string[]): number =>
    names.map((name) => columns.indexOf(columnKey(name))).find((at) => at >= 0) ?? -1;
  const missing = (names: readonly string[]): never =>
    refuse(`has columns ${head.join(", ")}, expected one of ${some(names)}`);
  const [file, label] = [column(FILE_COLUMNS), column(LABEL)];
  if (file < 0) missing(FILE_COLUMNS);
  const splits = SPLIT_COLUMNS.map((name) => column([name]));
  if (label < 0 && splits.every((at) => at < 0)) missing(LABEL);
  return rows.map((row, i) => {
    if (row.length !== head.length)
      return refuse(`line ${i + 2} has ${row.length} columns, expected ${head.length}`);
    const values = { file: row[file]!, splits: splits.map((at) => row[at]) };
    return label < 0 ? { ...values, unlabelled: () => missing(LABEL) } : { ...values, label: row[label]! };
  });
}
