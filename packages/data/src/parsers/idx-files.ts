import { fail } from "@ddpm/core";
import { type SplitKind, splitOfFolder } from "../listing/splits/split-name.ts";
import { knownSet } from "./known-sets.ts";

/** What the name of an IDX file says. */
export interface IdxName {
  readonly what: "images" | "labels";
  /** The set, as in `emnist-letters` of `emnist-letters-train-images-idx3-ubyte`; empty where the name has none. */
  readonly set: string;
  readonly split: SplitKind | undefined;
}

/** The files of one set and split, among those given. */
export interface IdxFiles {
  readonly images: string;
  readonly labels: string | undefined;
  /** EMNIST's list of classes, `emnist-letters-mapping.txt`. */
  readonly mapping: string | undefined;
  /** The set that the files' names name, where that is known. */
  readonly set: string | undefined;
  readonly split: SplitKind | undefined;
}

/** Which of several sets to take. */
export interface IdxChoice {
  /** `train` where there is one, unless given; a file name that has no split fits each. */
  readonly split?: string | undefined;
  /** The set by its name, where the files are those of several. */
  readonly set?: string | undefined;
}

const NAME =
  /^(?:(.*?)[-_.])??(?:(train|training|valid|validation|val|dev|t10k|test|testing)[-_.])?(images|labels)[-_.]idx\d+[-_.][a-z]+\d*(\.gz|\.xz)?$/i;

/**
 * What an IDX file's name says, as the sets of the MNIST family publish it: `train-images-idx3-ubyte.gz`,
 * `t10k-labels.idx1-ubyte`, `qmnist-test-labels-idx2-int`, `emnist-letters-train-images-idx3-ubyte`, `xnist-images-idx3-ubyte`.
 *
 * @param path with `/` between names; only the last one counts
 * @returns undefined for any other name
 */
export function idxName(path: string): IdxName | undefined {
  const [, set = "", split, what] = NAME.exec(lastOf(path)) ?? [];
  if (what === undefined) return undefined;
  return {
    what: what.toLowerCase() as IdxName["what"],
    set: set.toLowerCase(),
    split: split === undefined ? undefined : splitOfFolder(split),
  };
}

/**
 * Chooses the images and labels of one set and split among files. A plain file goes before the same one gzipped, then
 * the path that is first in order; a file may be in a folder of its own name, as Kaggle unpacks them.
 *
 * @param paths of files, with `/` between names
 * @param where what messages call the folder or archive
 * @returns undefined where no name is one of IDX images
 * @throws DdpmError naming the place: a split that is not there, or several sets and none chosen
 */
export function idxFiles(
  paths: readonly string[],
  where: string,
  { split, set }: IdxChoice = {},
): IdxFiles | undefined {
  const files = paths
    .flatMap((path) => {
      const name = idxName(path);
      return name ? [{ path, ...name }] : [];
    })
    .sort((a, b) => order(a.path) - order(b.path) || (a.path < b.path ? -1 : 1));
  const images = files.filter(({ what }) => what === "images");
  if (images.length === 0) return undefined;
  const fitting = ofSplit(images, split, where);
  const chosen = ofSet(fitting, set, where);
  const distance = (found: { path: string }): number =>
    folderOf(found.path) === folderOf(chosen.path) ? 0 : 1;
  const labels = files
    .filter((file) => file.what === "labels" && file.set === chosen.set && file.split === chosen.split)
    .sort((a, b) => distance(a) - distance(b))[0];
  const mapping = paths.find((path) => lastOf(path).toLowerCase() === `${chosen.set}-mapping.txt`);
  return {
    images: chosen.path,
    labels: labels?.path,
    mapping,
    set: knownSet(chosen.set) ? chosen.set : undefined,
    split: chosen.split,
  };
}

type Found = IdxName & { readonly path: string };

function ofSplit(images: readonly Found[], split: string | undefined, where: string): readonly Found[] {
  const of = (wanted: string | undefined): Found[] => images.filter((file) => file.split === wanted);
  const wanted = split === undefined ? undefined : (splitOfFolder(split) ?? split);
  const found = [of(wanted ?? "train"), of(undefined)].find(({ length }) => length > 0);
  if (found) return found;
  const has = [...new Set(images.map((file) => file.split ?? "none"))].join(", ");
  return fail(
    "data/idx",
    `${where} has no ${wanted === "test" ? "t10k" : (wanted ?? "train")}-images-idx3-ubyte, with or without .gz; its IDX images are of the split ${has}.`,
    "Choose the other split or place the file.",
  );
}

function ofSet(images: readonly Found[], set: string | undefined, where: string): Found {
  const sets = [...new Set(images.map((file) => file.set))];
  const same = (name: string): boolean => plainName(name) === plainName(set ?? "");
  const chosen =
    sets.length === 1
      ? sets[0]
      : sets.find((name) => same(name) || (set !== undefined && name.endsWith(`-${set.toLowerCase()}`)));
  if (chosen !== undefined) return images.find((file) => file.set === chosen)!;
  return fail(
    "data/idx",
    `${where} has the images of ${sets.length} sets: ${sets.map((name) => name || "one without a name").join(", ")}.`,
    `Set \`set\` to one, for example set=${sets.find(Boolean)}.`,
  );
}

function order(path: string): number {
  return /\.gz$/i.test(path) ? 1 : /\.xz$/i.test(path) ? 2 : 0;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder, without the one that Kaggle calls as the file itself. */
function folderOf(path: string): string {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return idxName(folder) ? folderOf(folder) : folder;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
