import { basename, join } from "node:path";
import { fail, type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import type { ClassSubset } from "../../class-subset.ts";
import { isImageName } from "../../names.ts";
import { bytesOf, type FoundFile, filesBelow } from "../files.ts";
import type { DataFormat } from "../format.ts";
import { type PictureOptions, pictureOptions } from "../picture-options.ts";
import { openPictures } from "../pictures.ts";
import type { Place } from "../place.ts";
import { subsetOptions } from "../subset-options.ts";
import { linesOf } from "../text-lines.ts";

/** Options of {@link tinyImagenet}. */
export interface TinyImagenetOptions extends PictureOptions, ClassSubset {
  /** `train` (default), `val`, or `test`, which has no labels. */
  readonly split?: "train" | "val" | "test" | undefined;
}

/**
 * Tiny ImageNet as published: `train/WNID/images`, `val/images` with `val_annotations.txt`, `test/images`. Labels
 * follow the order of `wnids.txt`; names are those of `words.txt`, or the WNIDs without it. `classes` takes WNIDs too.
 *
 * Source: Stanford CS231n, "Tiny ImageNet Visual Recognition Challenge".
 */
export const tinyImagenet: Plugin<TinyImagenetOptions, DataFormat> = plugin({
  name: "tiny-imagenet",
  about: "Tiny ImageNet's own layout: wnids.txt, words.txt, train/WNID/images, val with val_annotations.txt",
  source: "Stanford CS231n, Tiny ImageNet",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    split: z.enum(["train", "val", "test"]).default("train").describe("which images"),
  },
  create: ({ split, ...options }) => ({
    recognises: ({ names }) =>
      names.includes("wnids.txt") && ["train", "val", "test"].some((folder) => names.includes(folder)),
    async open(place, tools) {
      if (!place.names.includes(split)) {
        fail("data/tiny-imagenet", `${place.path} has no folder ${split}.`, "Choose another split.");
      }
      const wnids = await wnidsOf(place);
      const classes = await classNames(place, wnids);
      const files = await filesBelow(join(place.path, split), isImageName);
      if (files.length === 0) {
        fail("data/tiny-imagenet", `${join(place.path, split)} has no images, expected at least one.`);
      }
      const names = files.map(({ path }) => path);
      const file = (index: number): string => join(place.path, split, names[index]!);
      const labels = split === "test" ? undefined : await labelsOf(place, split, files, wnids);
      const wanted = options.classes?.map((one) => wnids.get(String(one)) ?? one);
      return openPictures(
        {
          name: `${basename(place.path)}/${split}`,
          path: place.path,
          names,
          file,
          alone: true,
          bytes: (index) => bytesOf(file(index)),
          labelling: labels && { classes, labels },
          identity: [files.map(({ path, size }) => ({ path, size })), classes],
          stamp: files.map(({ changed }) => changed),
        },
        { ...options, classes: wanted },
        tools,
      );
    },
  }),
});

async function wnidsOf({ path }: Place): Promise<Map<string, number>> {
  const file = join(path, "wnids.txt");
  const lines = (await linesOf(file)).map((line) => line.trim());
  const wrong = lines.find((line) => !/^n\d+$/.test(line));
  if (wrong !== undefined || lines.length === 0) {
    fail("data/tiny-imagenet", `${file}: ${JSON.stringify(wrong ?? "")}, expected WNIDs such as n01443537.`);
  }
  const wnids = new Map(lines.map((wnid, label) => [wnid, label]));
  if (wnids.size < lines.length) fail("data/tiny-imagenet", `${file} names a class twice.`);
  return wnids;
}

async function classNames(place: Place, wnids: ReadonlyMap<string, number>): Promise<string[]> {
  const words = place.names.includes("words.txt") ? await linesOf(join(place.path, "words.txt")) : [];
  const known = new Map(words.map((line) => line.split("\t", 2) as [string, string]));
  return [...wnids.keys()].map((wnid) => known.get(wnid)?.trim() || wnid);
}

/** By the folder of a training image, by the list of the validation images. */
async function labelsOf(
  place: Place,
  split: "train" | "val",
  files: readonly FoundFile[],
  wnids: ReadonlyMap<string, number>,
): Promise<number[]> {
  const list = join(place.path, "val", "val_annotations.txt");
  const annotations = new Map(
    split === "train" ? [] : (await linesOf(list)).map((line) => line.split("\t", 2) as [string, string]),
  );
  return files.map(({ path }) => {
    const wnid = split === "train" ? path.split("/")[0]! : annotations.get(basename(path));
    if (wnid === undefined) return fail("data/tiny-imagenet", `${list} does not name ${basename(path)}.`);
    const label = wnids.get(wnid);
    if (label !== undefined) return label;
    const where = split === "train" ? join(place.path, split, path) : `${list}, ${basename(path)}`;
    return fail("data/tiny-imagenet", `${where}: class ${wnid} is not in wnids.txt.`);
  });
}
