import { fail, isDdpmError } from "@ddpm/core";
import { type LabelList, parseLabelList } from "../label-list.ts";
import type { Division } from "./divide.ts";
import type { ListedFile, Listing } from "./listing.ts";
import { baseOf, folderOf, nameInOneForm } from "./name-form.ts";
import { splitOfFile, splitOfFolder } from "./split-name.ts";
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
const WORDS = /^(labels?|metadata|dataset|annotations?|classes)$/;

/** Whether a file may be a list of labels by its ending. */
export function isListName(name: string): boolean {
  return ENDING.test(name);
}

/**
 * The files that are lists of labels by their names and places: `labels`, `metadata`, `dataset` or `annotations` (`.csv`,
 * `.tsv`, `.json`, `.jsonl`), alone or with the word of the split, in a folder that holds all images.
 */
export function listsFor(listing: Listing, { prefix, split }: Division): ListedFile[] {
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

/** Reads a list of the listing. @throws DdpmError naming a file that is no list of labels */
export async function readList(listing: Listing, file: ListedFile): Promise<ReadList> {
  const called = listing.called(file);
  const list = parseLabelList(textOf(await file.bytes(), called), called);
  return { ...list, called, folder: folderOf(file.name), file };
}

/** {@link readList}, or why the file is none. */
export async function tryList(listing: Listing, file: ListedFile): Promise<ReadList | string> {
  try {
    return await readList(listing, file);
  } catch (error) {
    if (!isDdpmError(error)) throw error;
    return error.message
      .replace(/^\[[^\]]*\] /, "")
      .replace(`${listing.called(file)}: `, "")
      .replace(`${listing.called(file)} `, "")
      .replace(/\.$/, "");
  }
}

/** Reads the list that was asked for by name: in the listing, else next to it. @throws DdpmError where there is none */
export async function namedList(listing: Listing, { prefix }: Division, wanted: string): Promise<ReadList> {
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

/** The label that a list gives each image, [N]; undefined for images that it does not name. */
export function listed(
  { labels, folder }: ReadList,
  { files, names }: Division,
): (string | undefined | null)[] {
  const stems = stemsOf(labels);
  return files.map(({ name }, i) => {
    const keys = [name.startsWith(folder) ? name.slice(folder.length) : name, names[i]!, name, baseOf(name)];
    const key = keys.find((one) => labels.has(one)) ?? stems.get(baseOf(name).replace(/\.[^.]*$/, ""));
    return key === undefined ? undefined : (labels.get(key) ?? null);
  });
}

/** Names without endings, for lists that leave them out; only where no name has one. */
function stemsOf(labels: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const keys = [...labels.keys()];
  return new Map(
    keys.some((key) => /\.[a-z]\w{2,4}$/i.test(key)) ? [] : keys.map((key) => [baseOf(key), key]),
  );
}
