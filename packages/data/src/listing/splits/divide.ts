import { fail } from "@ddpm/core";
import { imagesFolder } from "../images-folder.ts";
import type { ListedFile, Listing } from "../listing.ts";
import { baseOf } from "../name-form.ts";
import { areAboutOthers } from "../pictures-about.ts";
import { chosenRows, noSplit, pick } from "./chosen-split.ts";
import {
  areDivided,
  haveSplitWords,
  restOfSplit,
  type SplitKind,
  splitOfFile,
  splitOfFolder,
  splitOfPicture,
} from "./split-name.ts";

/** The files of one split, and what is next to it. */
export interface Division {
  /** Those that are opened. */
  readonly files: readonly ListedFile[];
  /** Their names below the folders that hold everything and below the split's, [N]. */
  readonly names: readonly string[];
  /** The folders that were entered, each with `/` at its end: `photos/train/`. */
  readonly prefix: string;
  /** The split's folder, or the word in the files' names; undefined where there are no splits. */
  readonly split: string | undefined;
  /** Other splits, files next to the splits' folders, and pictures about a picture next to them. */
  readonly left: readonly {
    readonly split: string | undefined;
    readonly file: ListedFile;
    readonly about?: boolean;
  }[];
}

/** How {@link divide} works. */
export interface DivideOptions {
  /** The wanted split: a folder's name, or any word for the same kind; the training one unless given. */
  readonly split?: string | undefined;
  /** Whether the files' own names may have the split's word: those of arrays and shards, not of pictures. */
  readonly inNames: boolean;
  /** Whether folders that each hold splits are configurations, as on the Hugging Face Hub: one is opened. */
  readonly configurations?: boolean;
  /** Whether files without splits are left to {@link divideBy}, although a split is wanted. */
  readonly undivided?: boolean;
}

interface Part {
  readonly file: ListedFile;
  /** Below the folders entered so far. */
  readonly rest: string;
}

/**
 * Takes off folders that hold everything and chooses a split. Splits are
 *
 * 1. folders at any level whose names `splitOfFolder` knows, where all folders with data at that level are splits, or
 *    where there are a training one and another; other folders and files next to them belong to none; so are folders
 *    that share their other words, `seg_train` and `seg_test`, and such as `Training`, `PublicTest`, `PrivateTest`,
 * 2. else the words in the files' names (`inNames`), or the first words of all pictures' names, `train_1.png`,
 * 3. else folders of that kind inside every folder of a level, `cat/train/1.png`.
 *
 * The training split is taken unless another is wanted; never a test split by itself.
 *
 * @throws DdpmError naming the listing and its splits: one that is wanted and not there, no training split, or two of it
 */
export function divide(listing: Listing, files: readonly ListedFile[], options: DivideOptions): Division {
  const left: Division["left"][number][] = [];
  const about = areAboutOthers(files.map(({ name }) => name));
  left.push(...files.flatMap((file, i) => (about[i] ? [{ split: undefined, about: true, file }] : [])));
  let parts: Part[] = files.flatMap((file, i) => (about[i] ? [] : [{ file, rest: file.name }]));
  let [prefix, split]: [string, string | undefined] = ["", undefined];
  for (;;) {
    const tops = topsOf(parts);
    const chosen: string | undefined =
      split === undefined ? chosenFolder(listing, tops, options.split) : undefined;
    const only = tops.size === 1 ? [...tops.keys()][0] : undefined;
    const enter =
      chosen ??
      only ??
      (split === undefined ? configuration(listing, tops, options) : undefined) ??
      (options.inNames ? undefined : imagesFolder([...tops.keys()]));
    if (enter === undefined || enter === "") break;
    for (const [top, others] of tops)
      if (top !== enter) for (const { file } of others) left.push({ split: splitOfFile(top) && top, file });
    parts = tops.get(enter)!.map(({ file, rest }) => ({ file, rest: rest.slice(enter.length + 1) }));
    prefix += `${enter}/`;
    if (chosen !== undefined) split = chosen;
  }
  const inside =
    split === undefined
      ? (byName(listing, parts, options) ??
        byInnerFolder(listing, parts, options) ??
        byPictureName(listing, parts, options))
      : undefined;
  if (inside) {
    split = inside.split;
    left.push(...inside.left);
    parts = inside.parts;
  }
  if (split === undefined && options.split !== undefined && !options.undivided)
    noSplit(listing, options.split, []);
  return { files: parts.map(({ file }) => file), names: parts.map(({ rest }) => rest), prefix, split, left };
}

/**
 * Chooses a split of files that neither folders nor names divide, by the split that a list gives each of them. Files
 * without one belong to none.
 *
 * @param splits of the files, [N]; left out where the lists have no such column
 * @throws DdpmError naming the listing and its splits, as {@link divide} does
 */
export function divideBy(
  listing: Listing,
  division: Division,
  splits: readonly (string | undefined)[] | undefined,
  wanted: string | undefined,
): Division {
  const { split, keeps } = chosenRows(listing, division.split, splits, wanted);
  if (split === division.split || !splits) return division;
  return {
    ...division,
    files: division.files.filter((_, i) => keeps(i)),
    names: division.names.filter((_, i) => keeps(i)),
    split,
    left: [
      ...division.left,
      ...division.files.flatMap((file, i) => (keeps(i) ? [] : [{ split: splits[i]?.toLowerCase(), file }])),
    ],
  };
}

/** Files by their topmost folder; those without one under "". */
function topsOf(parts: readonly Part[]): Map<string, Part[]> {
  const tops = new Map<string, Part[]>();
  for (const part of parts) {
    const top = part.rest.slice(0, Math.max(0, part.rest.indexOf("/")));
    const same = tops.get(top);
    if (same) same.push(part);
    else tops.set(top, [part]);
  }
  return tops;
}

function chosenFolder(
  listing: Listing,
  tops: ReadonlyMap<string, readonly Part[]>,
  wanted: string | undefined,
): string | undefined {
  const folders = [...tops.keys()].filter((top) => top !== "");
  if (wanted !== undefined) {
    const exact = folders.find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (exact !== undefined) return exact;
  }
  const splits = folders.filter((name) => splitOfFolder(name) !== undefined);
  const all = splits.length > 0 && splits.length === tops.size;
  if (all || areDivided(splits.map(splitOfFile))) return pick(listing, splits, wanted, splitOfFolder);
  const related = haveSplitWords(folders) && !tops.has("") ? folders : relatedSplits(folders);
  return related.length > 0 ? pick(listing, related, wanted, splitOfFile) : undefined;
}

/** Folders that are called after splits and share their other words: `seg_train` and `seg_test`, not `bullet_train` and `test_tube`. */
function relatedSplits(folders: readonly string[]): string[] {
  const named = folders.filter((name) => splitOfFile(name) !== undefined);
  return named.filter((name) =>
    areDivided(named.filter((other) => restOfSplit(other) === restOfSplit(name)).map(splitOfFile)),
  );
}

/** `default` of several configurations. @throws DdpmError naming them where none is called so */
function configuration(
  listing: Listing,
  tops: ReadonlyMap<string, readonly Part[]>,
  { configurations = false }: DivideOptions,
): string | undefined {
  const holdsSplits = ({ file }: Part): boolean =>
    splitOfFile(baseOf(file.name)) !== undefined ||
    file.name.split("/").some((part) => splitOfFolder(part) !== undefined);
  const folders = [...tops.keys()];
  if (!configurations || tops.has("") || ![...tops.values()].flat().every(holdsSplits)) return undefined;
  if (tops.has("default")) return "default";
  return fail(
    "data/divide",
    `${listing.path} has ${folders.length} configurations: ${folders.join(", ")}.`,
    `Give the folder of one, for example ${folders[0]}.`,
  );
}

interface Inside {
  readonly split: string;
  readonly parts: Part[];
  readonly left: Division["left"];
}

function byName(
  listing: Listing,
  parts: readonly Part[],
  { inNames, split }: DivideOptions,
): Inside | undefined {
  if (!inNames || parts.length === 0 || (listing.kind === "file" && split === undefined)) return undefined;
  const kinds = parts.map(({ rest }) => splitOfFile(baseOf(rest)));
  const has = [...new Set(kinds)].filter((kind) => kind !== undefined);
  if (has.length === 0) return undefined;
  const bare = kinds.includes(undefined);
  // Files without the word of a split are the training ones where none has theirs.
  const training = split === undefined || splitOfFolder(split) === "train";
  if (training && bare && !has.includes("train")) return sorted(parts, kinds, undefined, "train");
  const kind = pick(listing, has, split, (name) => name as SplitKind) as SplitKind;
  return sorted(parts, kinds, kind, kind);
}

/** `cat/train/1.png`: a split at the same level inside every folder. */
function byInnerFolder(
  listing: Listing,
  parts: readonly Part[],
  { split }: DivideOptions,
): Inside | undefined {
  const paths = parts.map(({ rest }) => rest.split("/"));
  for (let level = 1; paths.length > 0 && paths.every(({ length }) => length > level + 1); level++) {
    const folders = paths.map((path) => path[level]!);
    const kinds = folders.map(splitOfFolder);
    if (!kinds.every((kind) => kind !== undefined)) continue;
    const kind = splitOfFolder(pick(listing, [...new Set(folders)], split, splitOfFolder))!;
    const found = sorted(parts, kinds, kind, kind);
    const without = (rest: string): string => rest.split("/").toSpliced(level, 1).join("/");
    return { ...found, parts: found.parts.map(({ file, rest }) => ({ file, rest: without(rest) })) };
  }
  return undefined;
}

/** `train_1.png`: every picture's name begins with its split, and there are a training one and another. */
function byPictureName(
  listing: Listing,
  parts: readonly Part[],
  { inNames, split }: DivideOptions,
): Inside | undefined {
  if (inNames) return undefined;
  const kinds = parts.map(({ rest }) => splitOfPicture(baseOf(rest)));
  const has = [...new Set(kinds)].filter((kind) => kind !== undefined);
  if (kinds.includes(undefined) || !areDivided(has)) return undefined;
  const kind = pick(listing, has, split, (name) => name as SplitKind) as SplitKind;
  return sorted(parts, kinds, kind, kind);
}

function sorted(
  parts: readonly Part[],
  kinds: readonly (SplitKind | undefined)[],
  kept: SplitKind | undefined,
  split: string,
): Inside {
  return {
    split,
    parts: parts.filter((_, i) => kinds[i] === kept),
    left: parts.flatMap(({ file }, i) => (kinds[i] === kept ? [] : [{ split: kinds[i], file }])),
  };
}
