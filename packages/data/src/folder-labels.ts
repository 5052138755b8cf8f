import { fail } from "@ddpm/core";

/** Class names, and the label of each file. */
export interface FolderLabels {
  readonly classes: readonly string[];
  readonly labels: readonly number[];
}

/**
 * Labels from the topmost folder of each path: classes are the folders' names in order. A single folder is a place,
 * not a class, so labels need two.
 *
 * @param paths with `/` between names, sorted
 * @param folder what messages call the whole
 * @throws DdpmError when some files lie in folders and others beside them
 */
export function folderLabels(paths: readonly string[], folder: string): FolderLabels | undefined {
  const tops = paths.map((path) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : undefined));
  const classes = [...new Set(tops)].filter((name) => name !== undefined).sort();
  if (classes.length === 0) return undefined;
  const loose = tops.indexOf(undefined);
  if (loose >= 0) {
    fail(
      "data/images",
      `${folder} has images in folders (${classes[0]} …) and beside them (${paths[loose]}), so not all have a class.`,
      "Set labels to false, or move them.",
    );
  }
  if (classes.length === 1) return undefined;
  const number = new Map(classes.map((name, label) => [name, label]));
  return { classes, labels: tops.map((name) => number.get(name!)!) };
}
