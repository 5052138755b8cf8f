import { fail } from "@ddpm/core";
import { folderLabels } from "../folder-labels.ts";
import { isHidden, isImageName, isSafeName, isSplitName } from "../names.ts";
import type { PictureSource } from "../picture-source.ts";
import type { ArchiveEntry } from "./entry.ts";

/** Most bytes of one file inside an archive, unpacked. */
export const LARGEST_ENTRY: number = 2 ** 28;

/**
 * The pictures of an archive as one set: names sorted by their UTF-16 codes, folders that hold everything else taken
 * off, a split entered, the topmost folders as classes, as for a folder of images.
 *
 * @param path  of the archive, for messages
 * @throws DdpmError naming the archive and the entry: a name that leads outside, a link in a picture's place, a
 *   picture twice or beyond 256 MiB, none at all, a split that is not there
 */
export function archivePictures(
  path: string,
  name: string,
  entries: readonly ArchiveEntry[],
  { labels, split }: { labels: boolean; split: string | undefined },
): PictureSource {
  const refuse = (what: string, hint?: string): never => fail("data/archive", `${path}: ${what}.`, hint);
  for (const entry of entries) checkName(entry.name, refuse);
  const pictures = entries
    .filter((entry) => isImageName(entry.name) && !entry.name.split("/").some(isHidden))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (pictures.length === 0) refuse("has no PNG, JPEG, WebP or GIF files, expected at least one");
  pictures.forEach((entry, i) => {
    if (entry.link) refuse(`${entry.name} is a link, expected a picture`);
    if (entry.size > LARGEST_ENTRY)
      refuse(`${entry.name} has ${entry.size} bytes, expected up to ${LARGEST_ENTRY}`);
    if (pictures[i + 1]?.name === entry.name) refuse(`holds ${entry.name} twice`);
  });
  const outer = withoutCommonFolder(pictures.map((entry) => entry.name.replace(/^(\.\/)+/, "")));
  const chosen = chosenSplit(outer, split, refuse);
  const kept =
    chosen === undefined ? pictures : pictures.filter((_, i) => outer[i]!.startsWith(`${chosen}/`));
  const inner = outer.filter((one) => chosen === undefined || one.startsWith(`${chosen}/`));
  const names = chosen === undefined ? inner : inner.map((one) => one.slice(chosen.length + 1));
  return {
    name: chosen === undefined ? name : `${name}/${chosen}`,
    path,
    names,
    file: (index) => `${path}: ${kept[index]!.name}`,
    bytes: (index) => kept[index]!.read(),
    labelling: labels ? folderLabels(names, path) : undefined,
    identity: kept.map((entry) => [entry.name, entry.size]),
  };
}

/** Nothing is ever written, but an archive with such names is not one of pictures. */
function checkName(name: string, refuse: (what: string) => never): void {
  if (!isSafeName(name)) refuse(`holds ${JSON.stringify(name)}, a name that leads outside`);
}

function withoutCommonFolder(names: readonly string[]): readonly string[] {
  const end = names[0]!.indexOf("/") + 1;
  if (end === 0) return names;
  const folder = names[0]!.slice(0, end);
  if (isSplitName(folder.slice(0, -1)) || !names.every((name) => name.startsWith(folder))) return names;
  return withoutCommonFolder(names.map((name) => name.slice(end)));
}

function chosenSplit(
  names: readonly string[],
  split: string | undefined,
  refuse: (what: string, hint?: string) => never,
): string | undefined {
  const tops = [...new Set(names.map((name) => name.slice(0, name.indexOf("/") + 1).slice(0, -1)))];
  const divided = tops.every((top) => isSplitName(top));
  if (split === undefined && !divided) return undefined;
  const found = tops.find((top) =>
    split === undefined ? top.toLowerCase().startsWith("train") : top !== "" && top === split,
  );
  if (found !== undefined) return found;
  const has = tops.filter(Boolean).join(", ") || "none";
  return refuse(`has no folder ${split ?? "train"}, it has ${has}`, "Set split to choose one.");
}
