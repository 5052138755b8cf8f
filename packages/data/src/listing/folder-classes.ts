import { fail } from "@ddpm/core";
import { inClassOrder } from "../labels/class-order.ts";
import type { FileLabels } from "../labels/label-list.ts";

/**
 * Labels from the topmost folder of each name: the classes are the folders in class order. A single folder is a place,
 * not a class, so labels need two.
 *
 * @param names with `/` between parts
 * @param more  folders of which no image is opened and that are classes all the same: their numbers stay theirs
 * @param where what messages call the whole
 * @returns undefined where there are no classes: no folders, one, or shards
 * @throws DdpmError when some files are in folders and others next to them
 */
export function folderClasses(
  names: readonly string[],
  more: readonly string[],
  where: string,
): FileLabels | undefined {
  const tops = names.map((name) => (name.includes("/") ? name.slice(0, name.indexOf("/")) : undefined));
  const folders = tops.filter((top) => top !== undefined);
  const classes = inClassOrder(new Set([...folders, ...more]));
  if (folders.length === 0 || areShards(names)) return undefined;
  const loose = tops.indexOf(undefined);
  if (loose >= 0) {
    fail(
      "data/images",
      `${where} has images in folders (${classes[0]} …) and next to them (${names[loose]}), so not all have a class.`,
      "Set labels to false, or move them.",
    );
  }
  if (classes.length === 1) return undefined;
  const number = new Map(classes.map((name, label) => [name, label]));
  return { classes, labels: tops.map((top) => number.get(top!)!) };
}

/** Whether some files are in folders and others next to them, so that folders are no classes. */
export function areMixed(names: readonly string[]): boolean {
  return names.some((name) => name.includes("/")) && !names.every((name) => name.includes("/"));
}

/**
 * Whether the topmost folders only keep folders small: each is called by the thousand that the numbers of its files
 * are in, `00001/img00001000.png` (NVlabs' data sets) or `01000/01234.png` (FFHQ).
 */
function areShards(names: readonly string[]): boolean {
  return names.every((name) => {
    const [, folder, number] = /^(\d{5})\/[^/]*?(\d{5,})\.[^/.]+$/.exec(name) ?? [];
    if (folder === undefined || number === undefined) return false;
    const thousand = Math.floor(Number(number) / 1000);
    return Number(folder) === thousand || Number(folder) === 1000 * thousand;
  });
}
