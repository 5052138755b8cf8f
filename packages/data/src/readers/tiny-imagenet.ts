import { fail } from "@ddpm/core";
import { leftFiles } from "../listing/left-files.ts";
import type { ListedFile, Listing } from "../listing/listing.ts";
import { baseOf, folderOf } from "../listing/name-form.ts";
import type { Division } from "../listing/splits/divide.ts";
import { isSplit, splitOfFolder } from "../listing/splits/split-name.ts";
import { linesIn } from "../listing/text-of.ts";
import { isImageName } from "../pictures/picture-names.ts";
import { type FoundPictures, pictureSource } from "./pictures.ts";

/** Pictures of Tiny ImageNet, and the labels of its WNIDs. */
export interface TinyImagenetPictures extends FoundPictures {
  readonly wnids: ReadonlyMap<string, number>;
}

const SPLITS = ["train", "val", "test"] as const;

/**
 * Tiny ImageNet as published: `train/WNID/images`, `val/images` with `val_annotations.txt`, `test/images`. Labels
 * follow the order of `wnids.txt`; names are those of `words.txt`, or the WNIDs without it.
 *
 * @throws DdpmError naming the list or image that does not fit, or a split that is not there
 */
export async function tinyImagenetPictures(
  listing: Listing,
  wanted = "train",
): Promise<TinyImagenetPictures> {
  const refuse = (what: string, hint?: string): never => fail("data/tiny-imagenet", `${what}.`, hint);
  const list = listing.files.find(({ name }) => baseOf(name) === "wnids.txt");
  if (!list) return refuse(`${listing.path} has no wnids.txt`);
  const top = folderOf(list.name);
  const split = SPLITS.find((name) => isSplit(name, wanted, splitOfFolder)) ?? wanted;
  const folder = `${top}${split}/`;
  if (!listing.files.some(({ name }) => name.startsWith(folder)))
    return refuse(`${listing.path} has no folder ${split}`, "Choose another split.");
  const wnids = await wnidsOf(listing, list);
  const files = listing.files.filter(({ name }) => name.startsWith(folder) && isImageName(name));
  if (files.length === 0) refuse(`${listing.path} has no images in ${split}, expected at least one`);
  const words = listing.files.find(({ name }) => name === `${top}words.txt`);
  const known = new Map(words ? await pairs(listing, words) : []);
  const classes = [...wnids.keys()].map((wnid) => known.get(wnid)?.trim() || wnid);
  const annotations = listing.files.find(({ name }) => name === `${folder}val_annotations.txt`);
  const names = files.map(({ name }) => name.slice(folder.length));
  const division: Division = { files, names, prefix: folder, split, left: othersOf(listing, top, split) };
  const labels = split === "test" ? undefined : await labelsOf(listing, division, annotations, wnids);
  const source = pictureSource(listing, division);
  const used = new Set([...files, list, ...(words ? [words] : []), ...(annotations ? [annotations] : [])]);
  const boxes = listing.files.filter(({ name }) => /_boxes\.txt$/.test(name));
  const reasons = new Map(boxes.map((file) => [file, "boxes are not read"]));
  return {
    source: { ...source, labelling: labels && { classes, labels }, identity: [source.identity, classes] },
    notUsed: leftFiles(listing, used, division, boxes.length > 3 ? new Map() : reasons),
    wnids,
  };
}

function othersOf(listing: Listing, top: string, split: string): Division["left"] {
  return SPLITS.filter((other) => other !== split).flatMap((other) =>
    listing.files
      .filter(({ name }) => name.startsWith(`${top}${other}/`) && isImageName(name))
      .map((file) => ({ split: other, file })),
  );
}

async function wnidsOf(listing: Listing, list: ListedFile): Promise<Map<string, number>> {
  const file = listing.called(list);
  const lines = linesIn(await list.bytes(), file).map((line) => line.trim());
  const wrong = lines.find((line) => !/^n\d+$/.test(line));
  if (wrong !== undefined || lines.length === 0) {
    fail("data/tiny-imagenet", `${file}: ${JSON.stringify(wrong ?? "")}, expected WNIDs such as n01443537.`);
  }
  const wnids = new Map(lines.map((wnid, label) => [wnid, label]));
  if (wnids.size < lines.length) fail("data/tiny-imagenet", `${file} names a class twice.`);
  return wnids;
}

/** The first two columns of a table parted by tabs. */
async function pairs(listing: Listing, file: ListedFile): Promise<[string, string][]> {
  const lines = linesIn(await file.bytes(), listing.called(file));
  return lines.map((line) => line.split("\t", 2) as [string, string]);
}

/** By the folder of a training image, by the list of the validation images. */
async function labelsOf(
  listing: Listing,
  { files, names, prefix, split }: Division,
  annotations: ListedFile | undefined,
  wnids: ReadonlyMap<string, number>,
): Promise<number[]> {
  const list = `${prefix}val_annotations.txt`;
  if (split !== "train" && !annotations) fail("data/tiny-imagenet", `${listing.path} has no ${list}.`);
  const known = new Map(split === "train" || !annotations ? [] : await pairs(listing, annotations));
  return files.map((file, i) => {
    const name = baseOf(file.name);
    const wnid = split === "train" ? names[i]!.split("/")[0]! : known.get(name);
    if (wnid === undefined) return fail("data/tiny-imagenet", `${list} does not name ${name}.`);
    const label = wnids.get(wnid);
    if (label !== undefined) return label;
    const where = split === "train" ? listing.called(file) : `${list}, ${name}`;
    return fail("data/tiny-imagenet", `${where}: class ${wnid} is not in wnids.txt.`);
  });
}
