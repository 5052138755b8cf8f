import { basename, join, relative, resolve, sep } from "node:path";
import { fail } from "@ddpm/core";
import { type FolderLabels, folderLabels } from "../folder-labels.ts";
import { listedLabels, parseLabelList } from "../label-list.ts";
import { isImageName } from "../names.ts";
import { bytesOf, filesBelow } from "./files.ts";
import type { OpenedDataset, OpenTools } from "./format.ts";
import { type CheckedPictureOptions, openPictures } from "./pictures.ts";
import type { Place } from "./place.ts";
import { enterSplit } from "./split.ts";
import { linesOf } from "./text-lines.ts";

/** Checked options of the `images` format, whose file says what each means. */
export interface ImageFolderOptions extends CheckedPictureOptions {
  readonly labels: boolean | string;
  readonly split?: string | undefined;
}

/**
 * Lists a folder of images.
 *
 * @throws DdpmError naming the folder without images, or the image that does not decode or has another size
 */
export async function openImageFolder(
  outer: Place,
  options: ImageFolderOptions,
  tools: OpenTools = {},
): Promise<OpenedDataset> {
  const { place, name } = await enter(outer, options.split);
  const files = await filesBelow(place.path, isImageName);
  if (files.length === 0) {
    fail("data/images", `${place.path} has no PNG, JPEG, WebP or GIF files, expected at least one.`);
  }
  const names = files.map(({ path }) => path);
  const file = (index: number): string => join(place.path, names[index]!);
  return openPictures(
    {
      name,
      path: place.path,
      names,
      file,
      alone: true,
      bytes: (index) => bytesOf(file(index)),
      labelling: await labelsOf(names, place, outer, options.labels),
      identity: files.map(({ path, size }) => ({ path, size })),
      stamp: files.map(({ changed }) => changed),
    },
    options,
    tools,
  );
}

async function labelsOf(
  names: readonly string[],
  inner: Place,
  outer: Place,
  labels: boolean | string,
): Promise<FolderLabels | undefined> {
  if (typeof labels !== "string") return labels ? folderLabels(names, inner.path) : undefined;
  const list = resolve(outer.path, labels);
  const text = (await linesOf(list)).join("\n");
  const inside = relative(outer.path, inner.path).replaceAll(sep, "/");
  const known = parseLabelList(text, list);
  // A list beside the splits may name files from there, or from within the split.
  const here = names.map((name) => (inside && known.has(`${inside}/${name}`) ? `${inside}/${name}` : name));
  return listedLabels(here, known, list);
}

async function enter(outer: Place, split: string | undefined): Promise<{ place: Place; name: string }> {
  const images = outer.names.some(isImageName);
  const entered = images && split === undefined ? { place: outer } : await enterSplit(outer, split);
  const name = basename(outer.path);
  return { place: entered.place, name: entered.split === undefined ? name : `${name}/${entered.split}` };
}
