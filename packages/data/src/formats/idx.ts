import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import type { ClassSubset } from "../labels/class-subset.ts";
import { plugin } from "../plugin.ts";
import { idxSet } from "../readers/idx.ts";
import type { DataFormat } from "./format.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link idx}. */
export interface IdxOptions extends ClassSubset {
  /** Which images of a folder: `train` (default) or `test` (the files that begin with t10k). */
  readonly split?: string | undefined;
  /** What the set is, where neither the files' names nor the folder's say; or which of several, as `emnist-letters`. */
  readonly set?: string | undefined;
  /** Class names by label. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether a mirror image means something else; unknown sets are taken to be so. */
  readonly flippable?: boolean | undefined;
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
    split: z.string().min(1).optional().describe("train (default) or test"),
    set: z.string().min(1).optional().describe("what the set is, where no name says; or which of several"),
    classNames: z.array(z.string()).readonly().optional().describe("class names by label"),
    flippable: z
      .boolean()
      .optional()
      .describe("whether a mirror image means the same, so that training may flip it"),
    size: z.number().int().min(1).max(4096).optional().describe("side in pixels to stretch images to"),
    labels: z.boolean().default(true).describe("whether to read labels"),
  },
  create: ({ size, classes, relabel, ...choice }) => ({
    images: { size, classes, relabel },
    recognises: async (place) => (await place.contents()).kind === "idx",
    async read(place) {
      const { listing } = await place.contents();
      return idxSet(listing, { ...choice, name: place.name });
    },
  }),
});
