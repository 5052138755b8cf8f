import { fail } from "@ddpm/core";
import { type FileLabels, labelsFrom } from "../labels/label-list.ts";
import { oneHotLabel } from "../labels/one-hot.ts";
import type { LeafValue } from "./column.ts";
import type { ParquetColumns } from "./columns.ts";
import type { ParquetRows } from "./rows.ts";

/** Most classes, where only the largest label says how many there are. */
const MOST = 100_000;

/** Calls a row wrong, by its place among those that are labelled. */
type Refuse = (place: number, what: string) => never;

/**
 * The labels of a column, and its classes: those that the file names, else text in its order, `false` and `true`, or
 * numbers up to the largest; a one-hot list's are its places.
 *
 * @param chosen the rows to label, by number, [N]
 * @returns undefined where the columns have no labels
 * @throws DdpmError naming the file and the row whose label is missing or is none of these
 */
export async function parquetLabels(
  rows: ParquetRows,
  { label, labelPath, text, classes }: ParquetColumns,
  chosen: readonly number[],
): Promise<FileLabels | undefined> {
  if (label === undefined || labelPath === undefined) return undefined;
  const refuse: Refuse = (place, what) =>
    fail(
      "data/parquet",
      `${rows.file(chosen[place]!)}: ${label} ${what}.`,
      "Set label to another column, or to false.",
    );
  const column = await rows.column(labelPath);
  const hot = column.counts && oneHot(column.values, column.counts, chosen, refuse);
  const found: readonly LeafValue[] = hot ? hot.labels : chosen.map((row) => column.values[row]);
  const missing = found.indexOf(undefined);
  if (missing >= 0) refuse(missing, "is missing, expected a label for each row");
  if (text) return fromText(found as readonly Uint8Array[], refuse);
  const labels = found.map(Number);
  const wrong = labels.findIndex((one) => !(Number.isInteger(one) && one >= 0 && one < 2 ** 31));
  if (wrong >= 0) refuse(wrong, `is ${labels[wrong]}, expected a whole number from 0`);
  const most = labels.reduce((a, b) => Math.max(a, b), Math.max(0, (hot?.width ?? 0) - 1));
  const limit = classes?.length ?? MOST;
  if (most >= limit) refuse(labels.indexOf(most), `is ${most}, expected 0 to ${limit - 1}`);
  const booleans = typeof found[0] === "boolean";
  const names = booleans ? ["false", "true"] : Array.from({ length: most + 1 }, (_, k) => String(k));
  return { labels, classes: classes ?? names };
}

/** @param counts of values in each row of the column */
function oneHot(
  values: readonly LeafValue[],
  counts: readonly number[],
  chosen: readonly number[],
  refuse: Refuse,
): { readonly labels: readonly number[]; readonly width: number } {
  const starts = [0];
  for (const count of counts) starts.push(starts.at(-1)! + count);
  const width = counts[chosen[0]!] ?? 0;
  const labels = chosen.map((row, place) => {
    if (counts[row] !== width) refuse(place, `has ${counts[row]} values, expected ${width} as the first`);
    const one = values.slice(starts[row], starts[row + 1]).map(Number);
    return oneHotLabel(one) ?? refuse(place, "has not exactly one value that is not 0");
  });
  return { labels, width };
}

/** Text that is all whole numbers is numbers, as in lists of labels; other text is the classes' names, in order. */
function fromText(found: readonly Uint8Array[], refuse: Refuse): FileLabels {
  const words = found.map((bytes, place) => {
    const word = wordOf(bytes);
    return word !== undefined && word.trim() !== "" ? word : refuse(place, "is empty or not UTF-8 text");
  });
  return labelsFrom(words, (place) => refuse(place, `is ${words[place]}, expected a whole number from 0`));
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function wordOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
