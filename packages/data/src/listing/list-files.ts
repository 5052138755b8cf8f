import { fail, isDdpmError } from "@ddpm/core";
import { type LabelList, parseLabelList } from "../labels/label-list.ts";
import type { ListedFile, Listing } from "./listing.ts";
import { baseOf, folderOf, nameInOneForm } from "./name-form.ts";
import type { Division } from "./splits/divide.ts";
import { splitOfFile, splitOfFolder } from "./splits/split-name.ts";
import { textOf } from "./text-of.ts";

/** A list that was read. */
export interface ReadList extends LabelList {
  /** What messages call it. */
  readonly called: string;
  /** The folder that its names may start from, with `/` at its end. */
  readonly folder: string;
  readonly file: ListedFile | undefined;
}

const ENDING = /\.(csv|tsv|json|jsonl|ndjson)$/i;
const WORDS = /^(labels?|metadata|dataset|annotations?|classes|splits?)$/;

/** Whether a file may be a list of labels by its ending. */
export function isListName(name: string): boolean {
  return ENDING.test(name);
}

/**
 * The files that are lists of labels by their names and places: `labels`, `metadata`, `dataset` or `annotations` (`.csv`,
 * `.tsv`, `.json`, `.jsonl`), `splits`, alone or with the word of the split, in a folder that holds all images.
 */
function listsFor(listing: Listing, { prefix, split }: Division): ListedFile[] {
  const kind = split === undefined ? undefined : (splitOfFolder(split) ?? splitOfFile(split));
  return listing.files.filter(({ name }) => {
    if (!ENDING.test(name) || !prefix.startsWith(folderOf(name))) return false;
    const words = baseOf(name)
      .replace(ENDING, "")
      .replaceAll(/([a-z])([A-Z])/g, "$1 $2");
    const [own, others] = [splitOfFile(words), words.toLowerCase().match(/[a-z]+/g) ?? []];
    if (own !== undefined && kind !== undefined && own !== kind) return false;
    if (own !== undefined && kind === undefined && own !== "train") return false;
    return others.every((word) => WORDS.test(word) || splitOfFolder(word) !== undefined);
  });
}

/** Lists next to images, read before their split is chosen. */
export interface Lists {
  /** The one that was asked for by its name. */
  readonly named: ReadList | undefined;
  /** Those whose names and places say that they are lists, each as {@link tryList} gives it. */
  readonly found: readonly { readonly file: ListedFile; readonly list: ReadList | string }[];
}

/** Reads the lists next to images. @throws DdpmError where one is asked for by name and not there, or is none */
export async function readLists(
  listing: Listing,
  division: Division,
  labels: boolean | string,
): Promise<Lists> {
  const named = typeof labels === "string" ? await namedList(listing, division, labels) : undefined;
  const found = listsFor(listing, division).map(async (file) => ({
    file,
    list: named?.file === file ? named : await tryList(listing, file),
  }));
  return { named, found: await Promise.all(found) };
}

/**
 * The split that lists give each image, [N], as it is written: of the list that is asked for by name, else of the others.
 *
 * @returns undefined where no list has a column of splits and names an image
 * @throws DdpmError naming an image to which two lists give different splits
 */
export function listedSplits(
  { named, found }: Lists,
  division: Division,
): { readonly splits: (string | undefined)[]; readonly lists: readonly ReadList[] } | undefined {
  const all = found.flatMap(({ list }) => (typeof list === "string" ? [] : [list]));
  const lists = (named?.splits ? [named] : all).filter(
    ({ splits, folder }) =>
      splits && valuesFor(splits, folder, division).some((split) => split !== undefined),
  );
  if (lists.length === 0) return undefined;
  const given = lists.map(({ splits, folder }) => valuesFor(splits!, folder, division));
  const splits = division.files.map((file, i) => {
    const own = given.map((values) => values[i] ?? undefined).filter((split) => split !== undefined);
    if (new Set(own.map((split) => split.toLowerCase())).size <= 1) return own[0];
    const names = lists.map(({ called }) => called).join(" and ");
    return fail(
      "data/list-files",
      `${names} give ${file.name} different splits: ${own.join(", ")}.`,
      "Set labels to the name of the list that is right.",
    );
  });
  return { splits, lists };
}

/** Reads a list of the listing. @throws DdpmError naming a file that is no list of labels */
async function readList(listing: Listing, file: ListedFile): Promise<ReadList> {
  const called = listing.called(file);
  const list = parseLabelList(textOf(await file.bytes(), called), called);
  return { ...list, called, folder: folderOf(file.name), file };
}

/** {@link readList}, or why the file is none. */
async function tryList(listing: Listing, file: ListedFile): Promise<ReadList | string> {
  try {
    return await readList(listing, file);
  } catch (error) {
    if (!isDdpmError(error)) throw error;
    return error.what
      .replace(`${listing.called(file)}: `, "")
      .replace(`${listing.called(file)} `, "")
      .replace(/\.$/, "");
  }
}

/** Reads the list that was asked for by name: in the listing, else next to it. @throws DdpmError where there is none */
async function namedList(listing: Listing, { prefix }: Division, wanted: string): Promise<ReadList> {
  const name = nameInOneForm(wanted);
  const places = name === undefined ? [] : [name, `${prefix}${name}`];
  const file = listing.files.find((one) => places.includes(one.name));
  if (file) return readList(listing, file);
  const { called, bytes } = (await listing.aside?.(wanted)) ?? noList(listing, wanted);
  return { ...parseLabelList(textOf(bytes, called), called), called, folder: "", file: undefined };
}

function noList(listing: Listing, wanted: string): never {
  const lists = listing.files.filter(({ name }) => ENDING.test(name)).map(({ name }) => name);
  return fail(
    "data/labels",
    `${listing.path} has no ${wanted}, it has ${lists.slice(0, 6).join(", ") || "no lists"}.`,
    "Set labels to the name of a list, or to false.",
  );
}

/** The label that a list gives each image, [N]; null where it is missing, undefined for images that it does not name. */
export function listed({ labels, folder }: ReadList, division: Division): (string | undefined | null)[] {
  return valuesFor(labels, folder, division);
}

/** What a list gives each image, [N]; null where it is missing, undefined for images that it does not name. */
export function valuesFor(
  values: ReadonlyMap<string, string | undefined>,
  folder: string,
  { files, names }: Division,
): (string | undefined | null)[] {
  const stems = stemsOf(values);
  return files.map(({ name }, i) => {
    const keys = [name.startsWith(folder) ? name.slice(folder.length) : name, names[i]!, name, baseOf(name)];
    const key = keys.find((one) => values.has(one)) ?? stems.get(baseOf(name).replace(/\.[^.]*$/, ""));
    return key === undefined ? undefined : (values.get(key) ?? null);
  });
}

/** Names without endings, for lists that leave them out; only where no name has one. */
function stemsOf(labels: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const keys = [...labels.keys()];
  return new Map(
    keys.some((key) => /\.[a-z]\w{2,4}$/i.test(key)) ? [] : keys.map((key) => [baseOf(key), key]),
  );
}
