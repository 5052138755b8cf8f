import { basename, dirname, join } from "node:path";
import { type Dataset, fail, type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { type ClassSubset, classSubset } from "../../class-subset.ts";
import { type Idx, isIdx, readIdx } from "../../idx.ts";
import { idxDataset } from "../../idx-dataset.ts";
import { knownSet } from "../../known-sets.ts";
import { resized } from "../../resized.ts";
import { bytesOf } from "../files.ts";
import type { DataFormat } from "../format.ts";
import { folderNames, type Place, placeAt } from "../place.ts";
import { subsetOptions } from "../subset-options.ts";

/** Options of {@link idx}. */
export interface IdxOptions extends ClassSubset {
  /** Which images of a folder: `train` (default) or `test` (the files that begin with t10k). */
  readonly split?: "train" | "test" | undefined;
  /** What the set is, where the folder's name does not say; `fashion-mnist`, `mnist` … bring class names. */
  readonly set?: string | undefined;
  /** Class names by label. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether a mirror image means something else; unknown sets are taken to be so. */
  readonly handed?: boolean | undefined;
  /** Side in pixels to stretch images to, as torchvision's `Resize` does. */
  readonly size?: number | undefined;
  /** Read labels (default), or leave them. */
  readonly labels?: boolean | undefined;
}

const IMAGES = /images[-.]idx\d-ubyte(\.gz)?$/;

/**
 * IDX files: a folder with those of MNIST, Fashion-MNIST and their family as published, gzipped or not, or one file
 * of images. The set's name is the option's, else that of the folder or of the folder above if either is known
 * (torchvision keeps `FashionMNIST/raw`), else that of the folder.
 *
 * Source: "The MNIST database", section File formats.
 */
export const idx: Plugin<IdxOptions, DataFormat> = plugin({
  name: "idx",
  about:
    "a folder with {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte, plain or .gz, or one such file",
  source: "The MNIST database, file formats",
  options: {
    ...subsetOptions,
    split: z.enum(["train", "test"]).default("train").describe("which images of a folder"),
    set: z.string().min(1).optional().describe("what the set is, where the folder's name does not say"),
    classNames: z.array(z.string()).readonly().optional().describe("class names by label"),
    handed: z.boolean().optional().describe("whether a mirror image means something else"),
    size: z.number().int().min(1).max(4096).optional().describe("side in pixels to stretch images to"),
    labels: z.boolean().default(true).describe("whether to read labels"),
  },
  create: ({ split, set: known, classNames, handed, size, labels, classes, relabel }) => ({
    recognises: ({ path, kind, names, head }) =>
      kind === "file" ? isIdx(head) || IMAGES.test(path) : names.some((file) => IMAGES.test(file)),

    async open(place) {
      const file = place.kind === "file" ? place.path : inFolder(place, split, "images");
      const set = idxDataset({
        images: await read(file),
        labels: labels ? await read(await labelsFor(place, split)) : undefined,
        name: known ?? nameOf(place),
        classes: classNames,
        handed,
      });
      const sized: Dataset = size === undefined ? set : resized(set, size, size);
      return { ...classSubset(sized, { classes, relabel }), path: place.path };
    },
  }),
});

async function read(file: string): Promise<Idx> {
  return readIdx(await bytesOf(file), file);
}

function nameOf(place: Place): string {
  const [folder, above] = folderNames(place);
  return knownSet(folder) || !knownSet(above) ? folder : above;
}

async function labelsFor(place: Place, split: "train" | "test"): Promise<string> {
  if (place.kind === "folder") return inFolder(place, split, "labels");
  const beside = await placeAt(dirname(place.path));
  const stem = basename(place.path).replace(/images[-.]idx\d-ubyte(\.gz)?$/, "");
  return find(beside, stem, "labels");
}

function inFolder(place: Place, split: "train" | "test", what: "images" | "labels"): string {
  return find(place, split === "train" ? "train-" : "t10k-", what);
}

/** The plain file if both are there. */
function find(place: Place, stem: string, what: "images" | "labels"): string {
  const ends = new RegExp(`^${what}[-.]idx\\d-ubyte(\\.gz)?$`);
  const found = place.names.find((file) => file.startsWith(stem) && ends.test(file.slice(stem.length)));
  if (found !== undefined) return join(place.path, found);
  return fail(
    "data/idx",
    `${place.path} has no ${stem}${what}-idx${what === "images" ? 3 : 1}-ubyte, with or without .gz.`,
    what === "labels" ? "Set labels to false to do without." : "Choose the other split or place the file.",
  );
}
