import { fail } from "@ddpm/core";
import { lru } from "../bytes/lru.ts";
import type { ColumnValues, LeafValue } from "./column.ts";
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
   * A column's values in all files, in the order of rows.
   *
   * @param path names from the top
   */
  column(path: readonly string[]): Promise<ColumnValues>;
}

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
    async column(path) {
      const all: LeafValue[] = [];
      let lengths: number[] | undefined;
      for (const { file, number } of groups) {
        const { values, counts } = await file.values(path, number);
        for (const value of values) all.push(value);
        if (!counts) continue;
        lengths ??= [];
        for (const count of counts) lengths.push(count);
      }
      return { values: all, counts: lengths };
    },
  };
}

/** Pictures of a group are kept or dropped together, so they may share their pages' memory. */
function pictureBytes(value: LeafValue): Uint8Array | undefined {
  return value instanceof Uint8Array && value.length > 0 ? value : undefined;
}
