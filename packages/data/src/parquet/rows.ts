import { fail } from "@ddpm/core";
import { lru } from "../bytes/lru.ts";
import { oneHotLabel } from "../labels/one-hot.ts";
import type { LeafValue } from "./column.ts";
import type { ParquetColumns } from "./columns.ts";
import type { ParquetFile } from "./file.ts";

/** Encoded pictures by row, over several files. */
export interface ParquetRows {
  readonly length: number;
  /** Bytes of all pictures, about. */
  readonly bytesHeld: number;
  /** What messages call a row. */
  file(index: number): string;
  /** @throws DdpmError naming the file and the row without bytes */
  bytes(index: number): Promise<Uint8Array>;
  /**
   * The labels of a column, and its classes: those that the file names, else text in its order, `false` and `true`, or
   * numbers up to the largest; a one-hot list's are its places.
   *
   * @returns undefined where the columns have no labels
   * @throws DdpmError naming the file and the row whose label is missing or is none of these
   */
  labels(columns: ParquetColumns): Promise<ParquetLabels | undefined>;
}

/** Labels of all rows. */
export interface ParquetLabels {
  readonly classes: readonly string[];
  readonly labels: number[];
}

/** Most classes, where only the largest label says how many there are. */
const MOST = 100_000;

/**
 * @param memory most bytes of encoded pictures to keep, by whole row groups; the group last read is kept in any case
 *               while it is used
 */
export function parquetRows(
  files: readonly ParquetFile[],
  image: readonly string[],
  memory: number,
): ParquetRows {
  const groups = files.flatMap((file) =>
    file.starts.slice(0, -1).map((from, number) => ({ file, number, from, to: file.starts[number + 1]! })),
  );
  const ends: number[] = [];
  for (const { from, to } of groups) ends.push((ends.at(-1) ?? 0) + to - from);
  const length = ends.at(-1) ?? 0;
  const kept = lru<number, readonly (Uint8Array | undefined)[]>(memory, (rows) =>
    rows.reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0),
  );
  const reading = new Map<number, Promise<readonly (Uint8Array | undefined)[]>>();
  const located = (index: number): { group: number; row: number } => {
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > index) high = middle;
      else low = middle + 1;
    }
    const { from, to } = groups[low]!;
    return { group: low, row: index - (ends[low]! - (to - from)) };
  };
  const called = (index: number): string => {
    const { group, row } = located(index);
    return `${groups[group]!.file.path}, row ${groups[group]!.from + row}`;
  };
  const load = (group: number): Promise<readonly (Uint8Array | undefined)[]> => {
    const under = reading.get(group);
    if (under) return under;
    const { file, number } = groups[group]!;
    const begun = file
      .values(image, number)
      .then(({ values }) => {
        const encoded = values.map(pictureBytes);
        kept.set(group, encoded);
        return encoded;
      })
      .finally(() => reading.delete(group));
    reading.set(group, begun);
    return begun;
  };
  const bytesHeld = files.reduce((sum, { size }) => sum + size, 0);
  return {
    length,
    bytesHeld,
    file: called,
    async bytes(index) {
      const { group, row } = located(index);
      const rows = kept.get(group) ?? (await load(group));
      return (
        rows[row] ??
        fail(
          "data/parquet",
          `${called(index)}: column ${image[0]} has no bytes.`,
          "Only embedded pictures are read.",
        )
      );
    },
    async labels({ label, labelPath, text, classes }) {
      if (label === undefined || labelPath === undefined) return undefined;
      const refuse = (row: number, what: string): never =>
        fail(
          "data/parquet",
          `${called(row)}: ${label} ${what}.`,
          "Set label to another column, or to false.",
        );
      const found: LeafValue[] = [];
      let width = 0;
      for (const { file, number } of groups) {
        const { values, counts } = await file.values(labelPath, number);
        if (!counts) for (const value of values) found.push(value);
        for (let row = 0, at = 0; row < (counts?.length ?? 0); at += counts![row++]!) {
          const hot = values.slice(at, at + counts![row]!);
          if (found.length === 0) width = hot.length;
          if (hot.length !== width)
            refuse(found.length, `has ${hot.length} values, expected ${width} as the first`);
          found.push(
            oneHotLabel(hot.map(Number)) ?? refuse(found.length, "has not exactly one value that is not 0"),
          );
        }
      }
      const missing = found.indexOf(undefined);
      if (missing >= 0) refuse(missing, "is missing, expected a label for each row");
      if (text) return fromText(found as readonly Uint8Array[], called);
      const booleans = found.length > 0 && typeof found[0] === "boolean";
      const labels = found.map(Number);
      const wrong = labels.findIndex((one) => !(Number.isInteger(one) && one >= 0 && one < 2 ** 31));
      if (wrong >= 0) refuse(wrong, `is ${found[wrong]}, expected a whole number from 0`);
      const most = Math.max(
        width - 1,
        labels.reduce((a, b) => Math.max(a, b), 0),
      );
      const limit = classes?.length ?? MOST;
      if (most >= limit) refuse(labels.indexOf(most), `is ${most}, expected 0 to ${limit - 1}`);
      const names = booleans ? ["false", "true"] : Array.from({ length: most + 1 }, (_, k) => String(k));
      return { labels, classes: classes ?? names };
    },
  };
}

/** Text that is all whole numbers is numbers, as in lists of labels; other text is the classes' names, in order. */
function fromText(found: readonly Uint8Array[], called: (row: number) => string): ParquetLabels {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const words = found.map((bytes, row) => {
    try {
      const word = decoder.decode(bytes);
      if (word.trim() !== "") return word;
    } catch {}
    return fail("data/parquet", `${called(row)}: its label is empty or not UTF-8 text.`);
  });
  if (words.every((word) => /^\d{1,5}$/.test(word))) {
    const most = words.reduce((a, b) => Math.max(a, Number(b)), 0);
    return { classes: Array.from({ length: most + 1 }, (_, k) => String(k)), labels: words.map(Number) };
  }
  const classes = [...new Set(words)].sort();
  const number = new Map(classes.map((name, label) => [name, label]));
  return { classes, labels: words.map((word) => number.get(word)!) };
}

/** Pictures of a group are kept or dropped together, so they may share their pages' memory. */
function pictureBytes(value: LeafValue): Uint8Array | undefined {
  return value instanceof Uint8Array && value.length > 0 ? value : undefined;
}
