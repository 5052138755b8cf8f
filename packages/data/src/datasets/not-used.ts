/** Something that is where the images are and that was not used: labels, other splits, files of other kinds. */
export interface NotUsed {
  /** A file's name, a folder's, an array's, or a kind of files: `labels.csv`, `test`, `.bmp files`. */
  readonly what: string;
  /** Files or images, from 1. */
  readonly count: number;
  readonly reason: string;
}

/** Those of the same kind and reason as one. */
export function summed(parts: readonly NotUsed[]): NotUsed[] {
  const sums = new Map<string, NotUsed>();
  for (const part of parts) {
    const key = `${part.what}\0${part.reason}`;
    sums.set(key, { ...part, count: part.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

/** As people read it: `labels.csv, 12 .bmp files`. */
export function notUsedInWords(parts: readonly NotUsed[]): string {
  return parts
    .map(({ what, count }) => {
      if (!what.startsWith(".")) return what;
      return `${count} ${count === 1 ? what.replace(/files$/, "file") : what}`;
    })
    .join(", ");
}
