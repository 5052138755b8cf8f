import { fail } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import { type FileLabels, labelsFrom } from "../labels/label-list.ts";
import { areMixed, folderClasses } from "./folder-classes.ts";
import { type Lists, listed, type ReadList } from "./list-files.ts";
import type { ListedFile, Listing } from "./listing.ts";
import type { Division } from "./splits/divide.ts";

/** Labels of a division's images, and where they are from. */
export interface Labelling {
  readonly labels: FileLabels | undefined;
  /** The list that they are from. */
  readonly list: ListedFile | undefined;
  /** Lists that were looked at and are not used. */
  readonly lists: readonly { readonly file: ListedFile; readonly reason: string }[];
  readonly notUsed: readonly NotUsed[];
}

/**
 * Finds labels:
 *
 * 1. none where `labels` is false; by the list that it names where it is a name,
 * 2. else by NVlabs' `dataset.json`, which also says that there are none,
 * 3. else by the topmost folders, where there are two or more, no image is next to them, and they are no shards,
 * 4. else by the one list whose name and place say that it is one (see `readLists`).
 *
 * @param empty class folders without an image that can be opened
 * @throws DdpmError naming an image without a label in the list that is used, or two lists
 */
export function labellingOf(
  listing: Listing,
  division: Division,
  labels: boolean | string,
  empty: readonly string[],
  { named, found: read }: Lists,
): Labelling {
  const bare = { labels: undefined, list: undefined, lists: [], notUsed: [] };
  const unread = (reason: string): Labelling["lists"] => read.map(({ file }) => ({ file, reason }));
  if (labels === false) return { ...bare, lists: unread("labels is false") };
  if (named) {
    const others = unread("another list is used").filter(({ file }) => file !== named.file);
    return { ...bare, labels: byList(named, division), list: named.file, lists: others };
  }
  const useless = read.flatMap(({ file, list }) => {
    const reason = typeof list === "string" ? `it ${list}` : whyNot(list, division);
    return reason === undefined ? [] : [{ file, reason }];
  });
  const good = read.flatMap(({ list }) =>
    typeof list === "string" || whyNot(list, division) !== undefined ? [] : [list],
  );
  const nvlabs = good.find(({ file }) => /(^|\/)dataset\.json$/i.test(file!.name));
  const byFolders = !nvlabs && !(good.length > 0 && areMixed(division.names));
  const folders = byFolders ? folderClasses(division.names, empty, listing.path) : undefined;
  if (folders) {
    const reason = "the folders are the classes; set labels to the list's name to use it instead";
    const lists = good.map(({ file }) => ({ file: file!, reason }));
    return { ...bare, labels: folders, lists: [...useless, ...lists] };
  }
  const chosen = nvlabs ?? good[0];
  if (!nvlabs && good.length > 1) twoLists(listing, good);
  const rest = good
    .filter((list) => list !== chosen)
    .map(({ file }) => ({ file: file!, reason: "another list is used" }));
  return {
    ...bare,
    labels: chosen && byList(chosen, division),
    list: chosen?.file,
    lists: [...useless, ...rest],
  };
}

/** Why a list cannot be meant for these images. */
function whyNot(list: ReadList, division: Division): string | undefined {
  if (!list.none && list.labels.size === 0) return "it has no labels";
  if (list.none || listed(list, division).some((label) => label !== undefined)) return undefined;
  return "it names none of the images";
}

/** @throws DdpmError naming the first image without a label */
function byList(list: ReadList, division: Division): FileLabels | undefined {
  if (list.none) return undefined;
  if (list.labels.size === 0)
    fail("data/labels", `${list.called} has no labels.`, "Set labels to another list, or to false.");
  const labels = listed(list, division).map((label, i) => {
    if (typeof label === "string") return label;
    const name = division.names[i]!;
    return fail(
      "data/labels",
      `${list.called} gives ${name} no label.`,
      "Add it, move the file, or set labels to false.",
    );
  });
  return labelsFrom(labels, (i) =>
    fail(
      "data/labels",
      `${list.called} gives ${division.names[i]!} the label ${labels[i]!}, expected a whole number from 0.`,
      "Number the classes from 0, or set labels to false.",
    ),
  );
}

function twoLists(listing: Listing, lists: readonly ReadList[]): never {
  const names = lists.map(({ file }) => file!.name);
  return fail(
    "data/labels",
    `${listing.path} has ${names.length} lists of labels: ${names.join(", ")}.`,
    `Set labels to one of them, or to false: labels=${names[0]}.`,
  );
}
