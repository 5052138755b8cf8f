import { fail } from "@ddpm/core";
import { LARGEST_ENTRY } from "../archive/largest-entry.ts";
import type { CaptionChoice } from "../captions/caption-option.ts";
import { pictureCaptions } from "../captions/picture-captions.ts";
import type { NotUsed } from "../datasets/not-used.ts";
import { labellingOf } from "../listing/labelling.ts";
import { leftFiles } from "../listing/left-files.ts";
import { listedSplits, readLists } from "../listing/list-files.ts";
import type { ListedFile, Listing } from "../listing/listing.ts";
import { isOtherPicture } from "../listing/other-pictures.ts";
import { type Division, divide, divideBy } from "../listing/splits/divide.ts";
import { isImageName } from "../pictures/picture-names.ts";
import type { PictureSource } from "../pictures/picture-source.ts";

/** What is asked of pictures. */
export interface PicturesChoice {
  /** Take labels (see `labellingOf`), or not, or those of the list of that name. */
  readonly labels: boolean | string;
  readonly split: string | undefined;
  readonly captions: CaptionChoice;
}

/** Pictures, and what is next to them. */
export interface FoundPictures {
  readonly source: PictureSource;
  readonly notUsed: readonly NotUsed[];
}

/**
 * The pictures of a listing as one set, sorted by their names: folders that hold everything are entered, a split is
 * chosen by them or by a list, labels are found.
 *
 * @throws DdpmError naming the listing: no pictures, a link or more than 256 MiB in a picture's place, no such split, an
 *   image without a label
 */
export async function pictures(listing: Listing, choice: PicturesChoice): Promise<FoundPictures> {
  // Pictures that are not decoded count as to which folders are classes.
  const all = listing.files.filter(({ name }) => isImageName(name) || isOtherPicture(name));
  const some = all.some(({ name }) => isImageName(name));
  if (!some) return noPictures(listing, undefined);
  const undivided = divide(listing, all, { split: choice.split, inNames: false, undivided: true });
  const lists = await readLists(listing, undivided, choice.labels);
  const divided = undivided.split === undefined ? listedSplits(lists, undivided) : undefined;
  const whole = divideBy(listing, undivided, divided?.splits, choice.split);
  const division = decodable(whole);
  if (division.files.length === 0) return noPictures(listing, division.split);
  for (const file of division.files) checkPicture(listing, file);
  const empty = emptyClasses(whole, division);
  const found = labellingOf(listing, division, choice.labels, empty, lists);
  const used = new Set(division.files);
  for (const file of [found.list, ...(divided?.lists ?? []).map((list) => list.file)])
    if (file) used.add(file);
  const captioned = choice.captions && (await pictureCaptions(listing, division, choice.captions));
  for (const file of captioned ? captioned.files : []) used.add(file);
  const reasons = new Map(found.lists.map(({ file, reason }) => [file, reason]));
  const source = pictureSource(listing, division);
  return {
    source: { ...source, labelling: found.labels, ...(captioned ? { captions: captioned.captions } : {}) },
    notUsed: [
      ...(found.labels && !found.list ? emptyReport(empty) : []),
      ...leftFiles(listing, used, division, reasons),
    ],
  };
}

/** Files as encoded pictures, without labels. */
export function pictureSource(listing: Listing, { files, names, prefix, split }: Division): PictureSource {
  const top = split === undefined ? 0 : prefix.length;
  return {
    name: split === undefined ? listing.name : `${listing.name}/${split}`,
    path: listing.path,
    names,
    file: (index) => listing.called(files[index]!),
    ...(listing.onDisk ? { alone: true, stamp: files.map(({ changed }) => changed) } : {}),
    bytes: (index) => files[index]!.bytes(),
    identity: listing.onDisk
      ? files.map(({ name, size }) => ({ path: name.slice(top), size }))
      : files.map(({ stored, size }) => [stored, size]),
  };
}

function decodable(whole: Division): Division {
  const kept = whole.files.map(({ name }) => isImageName(name));
  return {
    ...whole,
    files: whole.files.filter((_, i) => kept[i]),
    names: whole.names.filter((_, i) => kept[i]),
  };
}

/** Folders of which all pictures are of kinds that are not decoded. */
function emptyClasses(whole: Division, { names }: Division): string[] {
  const top = (name: string): string => name.slice(0, name.indexOf("/"));
  const full = new Set(names.filter((name) => name.includes("/")).map(top));
  const folders = whole.names.filter((name) => name.includes("/")).map(top);
  return [...new Set(folders)].filter((folder) => !full.has(folder));
}

function emptyReport(empty: readonly string[]): NotUsed[] {
  const reason = "a class without images: all of its pictures are of a kind that is not decoded";
  return empty.map((folder) => ({ what: `${folder}/`, count: 1, reason }));
}

function checkPicture(listing: Listing, file: ListedFile): void {
  const refuse = (what: string): never => fail("data/archive", `${listing.path}: ${file.stored} ${what}.`);
  if (file.link) refuse("is a link, expected a picture");
  if (listing.kind === "archive" && file.size > LARGEST_ENTRY)
    refuse(`has ${file.size} bytes, expected up to ${LARGEST_ENTRY}`);
}

function noPictures({ path, files }: Listing, split: string | undefined): never {
  const endings = files.map(({ name }) => /\.[^./]+$/.exec(name)?.[0]?.toLowerCase() ?? "no ending");
  const counts = [...new Set(endings)].map((one) => `${endings.filter((x) => x === one).length} ${one}`);
  const has = counts.length > 0 ? ` It has ${counts.slice(0, 6).join(", ")}.` : "";
  const where = split === undefined ? path : `${path}, split ${split}`;
  return fail("data/images", `${where}: has no PNG, JPEG, WebP or GIF files, expected at least one.${has}`);
}
