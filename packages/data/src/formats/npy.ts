import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import type { ClassSubset } from "../labels/class-subset.ts";
import { plugin } from "../plugin.ts";
import { npySet } from "../readers/npy.ts";
import type { DataFormat } from "./format.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link npy}. */
export interface NpyOptions extends ClassSubset {
  /** The array of pictures in a `.npz`; by default the one of bytes with 3 or 4 axes. */
  readonly images?: string | undefined;
  /** Labels: an array in a `.npz` (by default the one of whole numbers, one per picture), or the path of a `.npy`; false: none. */
  readonly labels?: string | boolean | undefined;
  /** The split, by the word in the arrays' names; the training one unless given. */
  readonly split?: string | undefined;
  /** Where the channels are: the `last` axis (default) or the `first` after the number of pictures. */
  readonly layout?: "last" | "first" | undefined;
  /** Class names by label. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether a mirror image means something else; false. */
  readonly flippable?: boolean | undefined;
  /** Side in pixels to stretch images to, as torchvision's `Resize` does. */
  readonly size?: number | undefined;
}

/**
 * Pictures as a NumPy array of bytes: a `.npy`, or a `.npz`, a folder or an archive with one of labels too.
 *
 * Source: NumPy, `numpy.lib.format`.
 */
export const npy: Plugin<NpyOptions, DataFormat> = plugin({
  name: "npy",
  about:
    "a .npy or .npz file, or a folder of .npy files, with a uint8 array [N, H, W] or [N, H, W, C], and maybe one of labels",
  source: "NumPy, numpy.lib.format",
  options: {
    ...subsetOptions,
    images: z.string().min(1).optional().describe("the array of pictures in a .npz"),
    labels: z
      .union([z.boolean(), z.string().min(1)])
      .optional()
      .describe("the array of labels in a .npz, or the path of a .npy; false: none"),
    split: z.string().min(1).optional().describe("train (default), test … where names have these words"),
    layout: z.enum(["last", "first"]).default("last").describe("where the channels are"),
    classNames: z.array(z.string()).readonly().optional().describe("class names by label"),
    flippable: z
      .boolean()
      .optional()
      .describe("whether a mirror image means the same, so that training may flip it"),
    size: z.number().int().min(1).max(4096).optional().describe("side in pixels to stretch images to"),
  },
  create: ({ size, classes, relabel, ...choice }) => ({
    images: { size, classes, relabel },
    recognises: async (place) => (await place.contents()).kind === "npy",
    async read(place) {
      const { listing } = await place.contents();
      return npySet(listing, { ...choice, name: place.name });
    },
  }),
});
