import { fail } from "@ddpm/core";
import type { FolderLabels } from "./folder-labels.ts";

const FILE = ["file_name", "filename", "file", "image", "path", "name"];
const LABEL = ["label", "class", "category", "target"];

/**
 * Labels of files from a list: CSV with a line of column names; JSON, an object of labels by file or a list of
 * objects; or JSON lines. The file's column is `file_name`, `filename`, `file`, `image`, `path` or `name`, the label's
 * `label`, `class`, `category` or `target`. Labels that are all whole numbers from 0 are numbers, others are names.
 *
 * @param text of the list
 * @param list what messages call it
 * @throws DdpmError naming the list and the line that is no entry, or a file with two labels
 */
export function parseLabelList(text: string, list: string): ReadonlyMap<string, string> {
  const refuse = (what: string): never => fail("data/labels", `${list}: ${what}.`);
  const json = /\.jsonl?$/i.test(list) || /^\s*[[{]/.test(text);
  const labels = new Map<string, string>();
  for (const [file, label] of json ? fromJson(text, refuse) : fromCsv(text, refuse)) {
    const path = file.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
    if (labels.has(path) && labels.get(path) !== label) refuse(`gives ${path} two labels`);
    labels.set(path, label);
  }
  if (labels.size === 0) refuse("has no entries, expected one for each image");
  return labels;
}

/**
 * Classes and labels of files by a list.
 *
 * @throws DdpmError naming the file that the list lacks
 */
export function listedLabels(
  files: readonly string[],
  labels: ReadonlyMap<string, string>,
  list: string,
): FolderLabels {
  const given = files.map(
    (file) =>
      labels.get(file) ?? fail("data/labels", `${list} gives ${file} no label.`, "Add it, or move the file."),
  );
  if (given.every((label) => /^\d{1,6}$/.test(label))) {
    const most = given.reduce((a, b) => Math.max(a, Number(b)), 0);
    return { classes: Array.from({ length: most + 1 }, (_, i) => String(i)), labels: given.map(Number) };
  }
  const classes = [...new Set(given)].sort();
  const number = new Map(classes.map((name, label) => [name, label]));
  return { classes, labels: given.map((label) => number.get(label)!) };
}

type Refuse = (what: string) => never;

function fromJson(text: string, refuse: Refuse): readonly (readonly [string, string])[] {
  const parse = (piece: string): unknown => {
    try {
      return JSON.parse(piece);
    } catch {
      return undefined;
    }
  };
  const whole = parse(text);
  const lines = (): unknown[] =>
    text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(parse);
  if (whole !== null && typeof whole === "object" && !Array.isArray(whole) && !labelOf(whole, FILE))
    return Object.entries(whole).map(([file, label]) => [
      file,
      plain(label) ?? refuse(`${file} has no label`),
    ]);
  return (Array.isArray(whole) ? whole : lines()).map((entry, i) => {
    const object = entry !== null && typeof entry === "object" ? entry : {};
    const [file, label] = [labelOf(object, FILE), labelOf(object, LABEL)];
    if (file !== undefined && label !== undefined) return [file, label];
    return refuse(
      `entry ${i + 1} has no file and label, expected one of ${FILE.join(", ")} and one of ${LABEL.join(", ")}`,
    );
  });
}

function labelOf(object: object, names: readonly string[]): string | undefined {
  const name = names.find((one) => Object.hasOwn(object, one));
  return name === undefined ? undefined : plain((object as Record<string, unknown>)[name]);
}

function plain(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function fromCsv(text: string, refuse: Refuse): readonly (readonly [string, string])[] {
  const [head, ...rows] = csvRows(text, refuse);
  const column = (names: readonly string[]): number => {
    const columns = (head ?? []).map((name) => name.trim().toLowerCase());
    const found = names.map((name) => columns.indexOf(name)).find((at) => at >= 0);
    return found ?? refuse(`has columns ${(head ?? []).join(", ")}, expected one of ${names.join(", ")}`);
  };
  const [file, label] = [column(FILE), column(LABEL)];
  return rows.map((row, i) => {
    if (row.length === head!.length) return [row[file]!, row[label]!] as const;
    return refuse(`line ${i + 2} has ${row.length} columns, expected ${head!.length}`);
  });
}

/** Source: RFC 4180. */
function csvRows(text: string, refuse: Refuse): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const body = text.replace(/^\uFEFF/, "");
  while (field.lastIndex < body.length) {
    const at = field.lastIndex;
    const [, quoted, bare = "", end] =
      field.exec(body) ?? refuse(`quotes that do not fit, from character ${at} on`);
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (end === "" && field.lastIndex >= body.length) break;
  }
  if (row.length > 0) rows.push([...row, ""]);
  return rows;
}
