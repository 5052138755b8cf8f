import { type NotUsed, summed } from "../datasets/not-used.ts";
import { isImageName } from "../pictures/picture-names.ts";
import { isListName } from "./list-files.ts";
import type { ListedFile, Listing } from "./listing.ts";
import { baseOf, folderOf } from "./name-form.ts";
import { isOtherPicture } from "./other-pictures.ts";
import type { Division } from "./splits/divide.ts";

/** Files about a data set that nobody expects to be read. */
const ABOUT =
  /^(readme|license|licence|citation|changelog|copying|authors|notice|checksums?|md5sums?|sha256sums?)(\.[a-z]+)*$/i;
/** Most files of one kind that are named one by one. */
const NAMED = 3;

/**
 * What is in a listing and was not used, in words: other splits, lists, files of other kinds.
 *
 * @param used files that are opened or read
 * @param reasons of files that were looked at
 * @param unit what a file of a split counts as: `images`, `files`
 */
export function leftFiles(
  listing: Listing,
  used: ReadonlySet<ListedFile>,
  { left, split }: Pick<Division, "left" | "split">,
  reasons: ReadonlyMap<ListedFile, string> = new Map(),
): NotUsed[] {
  const outside = new Map(left.map((one) => [one.file, one.split]));
  const about = new Set(left.flatMap((one) => (one.about ? [one.file] : [])));
  const parts: NotUsed[] = [];
  const maps: ListedFile[] = [];
  const kinds = new Map<string, ListedFile[]>();
  for (const file of listing.files) {
    const [base, reason] = [baseOf(file.name), reasons.get(file)];
    if (used.has(file) || ABOUT.test(base)) continue;
    if (reason !== undefined) parts.push({ what: file.name, count: 1, reason });
    else if (about.has(file)) maps.push(file);
    else if (outside.get(file) !== undefined)
      parts.push({ what: outside.get(file)!, count: 1, reason: `another split; ${split} is opened` });
    else if (outside.has(file) && isImageName(base))
      parts.push(
        split === undefined
          ? { what: "images in other folders", count: 1, reason: "the folder of images is opened" }
          : { what: "images next to the splits", count: 1, reason: `not in the split ${split}` },
      );
    else if (outside.has(file) && !isOtherPicture(base))
      parts.push({
        what: folderOf(file.name) || file.name,
        count: 1,
        reason: "not in the folder that is opened",
      });
    else {
      const ending = /\.[^.]+$/.exec(base)?.[0]?.toLowerCase() ?? "";
      const same = kinds.get(ending);
      if (same) same.push(file);
      else kinds.set(ending, [file]);
    }
  }
  parts.push(...mapsOfImages(maps));
  for (const [ending, files] of kinds) parts.push(...ofKind(ending, files));
  return summed(parts);
}

function mapsOfImages(files: readonly ListedFile[]): NotUsed[] {
  if (files.length <= NAMED)
    return files.map(({ name }) => ({
      what: name,
      count: 1,
      reason: "named as an image and a word such as _mask",
    }));
  const reason = "named as images and a word such as _mask";
  return [{ what: "masks and maps of images", count: files.length, reason }];
}

function ofKind(ending: string, files: readonly ListedFile[]): NotUsed[] {
  const picture = isOtherPicture(`x${ending}`);
  const reason = picture ? "pictures of a kind that is not decoded" : "not data of a known kind";
  const [first] = files;
  if (first && isListName(first.name) && files.length <= NAMED)
    return files.map(({ name }) => ({
      what: name,
      count: 1,
      reason: "not a list of labels by its name; set labels to use it",
    }));
  if (!picture && files.length === 1) return [{ what: first!.name, count: 1, reason }];
  return [
    { what: ending === "" ? "files without an ending" : `${ending} files`, count: files.length, reason },
  ];
}
