import { type Dataset, fail } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import { leftFiles } from "../listing/left-files.ts";
import type { ListedFile, Listing } from "../listing/listing.ts";
import { baseOf } from "../listing/name-form.ts";
import { textOf } from "../listing/text-of.ts";
import { readIdx } from "../parsers/idx.ts";
import { idxDataset } from "../parsers/idx-dataset.ts";
import { type IdxFiles, idxFiles, idxName } from "../parsers/idx-files.ts";
import { knownSet } from "../parsers/known-sets.ts";

/** What is asked of IDX files. */
export interface IdxChoice {
  readonly split?: string | undefined;
  /** What the set is, where neither the files nor their folder say. */
  readonly set?: string | undefined;
  readonly labels: boolean;
  readonly classNames?: readonly string[] | undefined;
  readonly flippable?: boolean | undefined;
  /** What the set is called where nothing else says; the folder, or the one above where that is known. */
  readonly name?: string | undefined;
}

/**
 * The images and labels of IDX files in a listing, or of one file and the labels next to it.
 *
 * @throws DdpmError for files that do not hold what they should, or labels, a set or a split that are not there
 */
export async function idxSet(
  listing: Listing,
  choice: IdxChoice,
): Promise<{ readonly set: Dataset; readonly notUsed: readonly NotUsed[] }> {
  const { classNames, flippable } = choice;
  const [single] = listing.kind === "file" ? listing.files : [];
  // A page that was given one file has none next to it.
  const labels = choice.labels && (!single || listing.neighbours !== undefined);
  const near = (single && (await listing.neighbours?.())) ?? listing;
  const chosen = single ? nextToFile(near, single) : inListing(listing, choice);
  if (labels && chosen.labels === undefined) withoutLabels(near, chosen.images);
  const fileOf = (name: string): ListedFile => near.files.find((file) => file.name === name) ?? single!;
  const read = async (name: string) => readIdx(await fileOf(name).bytes(), near.called(fileOf(name)));
  const mapping = labels && chosen.mapping ? fileOf(chosen.mapping) : undefined;
  const set = idxDataset({
    images: await read(chosen.images),
    labels: labels && chosen.labels ? await read(chosen.labels) : undefined,
    name: chosen.set ?? choice.set ?? choice.name ?? nameOf(listing, near, chosen),
    classes: classNames,
    flippable,
    ...(mapping ? { mapping: textOf(await mapping.bytes(), near.called(mapping)) } : {}),
  });
  return { set, notUsed: single ? [] : left(listing, chosen, labels) };
}

function inListing(listing: Listing, { split, set }: IdxChoice): IdxFiles {
  const names = listing.files.map(({ name }) => name);
  return (
    idxFiles(names, listing.path, { split, set }) ??
    fail("data/idx", `${listing.path} has no files of IDX images, expected train-images-idx3-ubyte.`)
  );
}

function withoutLabels({ path }: Listing, images: string): never {
  const wanted = images.replace(/\.gz$/i, "").replace(/images([-_.])idx3/i, "labels$1idx1");
  return fail(
    "data/idx",
    `${path} has no ${baseOf(wanted)}, with or without .gz, for the images in ${images}.`,
    "Set labels to false to do without.",
  );
}

/** The labels that fit one file of images. */
function nextToFile({ files }: Listing, { name }: ListedFile): IdxFiles {
  const own = idxName(name);
  const labels = files.find((file) => {
    const other = idxName(file.name);
    return own && other?.what === "labels" && other.set === own.set && other.split === own.split;
  });
  const mapping = own && files.find((file) => file.name.toLowerCase() === `${own.set}-mapping.txt`);
  const set = own && knownSet(own.set) ? own.set : undefined;
  return { images: name, labels: labels?.name, mapping: mapping?.name, set, split: own?.split };
}

/** The first of the folder, the one above (torchvision keeps `FashionMNIST/raw`) and those inside that is known. */
function nameOf(listing: Listing, near: Listing, { images }: IdxFiles): string {
  const folders = [...(near.above ?? [listing.name]), ...images.split("/").slice(0, -1)];
  return folders.find((folder) => knownSet(folder)) ?? folders[0]!;
}

function left(listing: Listing, chosen: IdxFiles, labels: boolean): NotUsed[] {
  const names = [chosen.images, ...(labels ? [chosen.labels, chosen.mapping] : [])];
  const used = new Set(listing.files.filter(({ name }) => names.includes(name)));
  const others = listing.files.flatMap((file) => {
    const { split, what } = idxName(file.name) ?? {};
    return what === "images" && split !== chosen.split ? [{ split: split ?? "train", file }] : [];
  });
  const opened = idxName(chosen.images)?.set;
  const sets = listing.files.flatMap(({ name }) => {
    const { set, split, what } = idxName(name) ?? {};
    return what === "images" && set && set !== opened && split === chosen.split ? [set] : [];
  });
  const rest = listing.files.filter(({ name }) => idxName(name) === undefined || names.includes(name));
  const own = { left: [], split: undefined };
  return [
    ...leftFiles({ ...listing, files: others.map(({ file }) => file) }, used, {
      left: others,
      split: chosen.split,
    }),
    ...[...new Set(sets)].map((set) => ({ what: set, count: 1, reason: `another set; set=${set} opens it` })),
    ...leftFiles({ ...listing, files: rest }, used, own),
    ...(labels || chosen.labels === undefined
      ? []
      : [{ what: chosen.labels, count: 1, reason: "labels is false" }]),
  ];
}
