import { basename, dirname, join } from "node:path";
import { type Dataset, fail, type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { type ClassSubset, classSubset } from "../../class-subset.ts";
import { type Idx, isIdx, readIdx } from "../../idx.ts";
import { idxDataset } from "../../idx-dataset.ts";
import { type IdxChoice, type IdxFiles, idxFiles, idxName } from "../../idx-files.ts";
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
  /** What the set is, where neither the files' names nor the folder's say; or which of several, as `emnist-letters`. */
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

/**
 * IDX files: a folder with those of MNIST, Fashion-MNIST and their family as published, gzipped or not, or one file
 * of images. The set's name is that of the files if known (`emnist-letters-train-…`), else the option's, else that of the
 * folder or of the folder above if either is known (torchvision keeps `FashionMNIST/raw`), else that of the folder.
 *
 * Source: "The MNIST database", section File formats.
 */
export const idx: Plugin<IdxOptions, DataFormat> = plugin({
  name: "idx",
  about:
    "MNIST, Fashion-MNIST, KMNIST, QMNIST, EMNIST: a folder with their …-images-idx3-ubyte files, or one such file",
  source: "The MNIST database, file formats",
  options: {
    ...subsetOptions,
    split: z.enum(["train", "test"]).default("train").describe("which images of a folder"),
    set: z.string().min(1).optional().describe("what the set is, where no name says; or which of several"),
    classNames: z.array(z.string()).readonly().optional().describe("class names by label"),
    handed: z.boolean().optional().describe("whether a mirror image means something else"),
    size: z.number().int().min(1).max(4096).optional().describe("side in pixels to stretch images to"),
    labels: z.boolean().default(true).describe("whether to read labels"),
  },
  create: ({ split, set: known, classNames, handed, size, labels, classes, relabel }) => ({
    recognises: ({ path, kind, names, head }) =>
      kind === "file"
        ? isIdx(head) || idxName(path)?.what === "images"
        : names.some((file) => idxName(file)?.what === "images"),

    async open(place) {
      const files =
        place.kind === "file" ? await besideFile(place) : await inFolder(place, { split, set: known });
      const set = idxDataset({
        images: await read(files.images),
        labels: labels ? await read(files.labels ?? withoutLabels(files.images)) : undefined,
        mapping: labels && files.mapping ? new TextDecoder().decode(await bytesOf(files.mapping)) : undefined,
        name: files.set ?? known ?? nameOf(place),
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

/** The files of a folder; of a folder that is called as a file too, as Kaggle unpacks them. */
async function inFolder({ path, names }: Place, choice: IdxChoice): Promise<IdxFiles> {
  const listed = await Promise.all(
    names.map(async (name) => {
      if (!idxName(name)) return [name];
      const place = await placeAt(join(path, name));
      return place.kind === "file" ? [name] : place.names.map((inner) => `${name}/${inner}`);
    }),
  );
  const found = idxFiles(listed.flat(), path, choice);
  if (!found) return fail("data/idx", `${path} has folders called as IDX files and no IDX images in them.`);
  const at = (file: string | undefined): string | undefined => file && join(path, file);
  return { ...found, images: join(path, found.images), labels: at(found.labels), mapping: at(found.mapping) };
}

/** A file of images, and what belongs to it in the same folder. */
async function besideFile({ path }: Place): Promise<IdxFiles> {
  const [folder, file] = [dirname(path), basename(path)];
  const name = idxName(file);
  if (!name) return { images: path, labels: undefined, mapping: undefined, set: undefined, split: undefined };
  const { names } = await placeAt(folder);
  const others = names.filter((other) => {
    const { what, set, split } = idxName(other) ?? {};
    return other === file || (what === "labels" && set === name.set && split === name.split) || !what;
  });
  const found = idxFiles(others, folder, { split: name.split });
  const at = (other: string | undefined): string | undefined => other && join(folder, other);
  return { ...found!, images: path, labels: at(found?.labels), mapping: at(found?.mapping) };
}

function withoutLabels(images: string): never {
  const wanted = basename(images)
    .replace(/\.gz$/i, "")
    .replace(/images([-_.])idx3/i, "labels$1idx1");
  return fail(
    "data/idx",
    `${dirname(images)} has no ${wanted}, with or without .gz, for the images in ${basename(images)}.`,
    "Set labels to false to do without.",
  );
}
