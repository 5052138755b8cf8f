import { basename } from "node:path";
import { type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { type ClassSubset, classSubset } from "../../class-subset.ts";
import { isNpy, parseNpy } from "../../npy.ts";
import { npyDataset } from "../../npy-dataset.ts";
import { npzArrays } from "../../npz.ts";
import { resized } from "../../resized.ts";
import { bytesOf } from "../files.ts";
import type { DataFormat } from "../format.ts";
import { subsetOptions } from "../subset-options.ts";
import { zipEntries } from "../zip-entries.ts";

/** Options of {@link npy}. */
export interface NpyOptions extends ClassSubset {
  /** The array of pictures in a `.npz`; by default the one of bytes with 3 or 4 axes. */
  readonly images?: string | undefined;
  /** Labels: an array in a `.npz` (by default the one of whole numbers, one per picture), or the path of a `.npy`. */
  readonly labels?: string | undefined;
  /** Where the channels are: the `last` axis (default) or the `first` after the number of pictures. */
  readonly layout?: "last" | "first" | undefined;
  /** Class names by label. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether a mirror image means something else; false. */
  readonly handed?: boolean | undefined;
  /** Side in pixels to stretch images to, as torchvision's `Resize` does. */
  readonly size?: number | undefined;
}

/**
 * Pictures as a NumPy array of bytes: a `.npy`, or a `.npz` with one of labels beside it.
 *
 * Source: NumPy, `numpy.lib.format`.
 */
export const npy: Plugin<NpyOptions, DataFormat> = plugin({
  name: "npy",
  about: "a .npy or .npz file with a uint8 array [N, H, W] or [N, H, W, C], and maybe one of labels",
  source: "NumPy, numpy.lib.format",
  options: {
    ...subsetOptions,
    images: z.string().min(1).optional().describe("the array of pictures in a .npz"),
    labels: z.string().min(1).optional().describe("the array of labels in a .npz, or the path of a .npy"),
    layout: z.enum(["last", "first"]).default("last").describe("where the channels are"),
    classNames: z.array(z.string()).readonly().optional().describe("class names by label"),
    handed: z.boolean().default(false).describe("whether a mirror image means something else"),
    size: z.number().int().min(1).max(4096).optional().describe("side in pixels to stretch images to"),
  },
  create: ({ images, labels, layout, classNames, handed, size, ...subset }) => ({
    recognises: ({ kind, path, head }) => kind === "file" && (isNpy(head) || /\.npz$/i.test(path)),
    async open({ path, head }) {
      const arrays = isNpy(head)
        ? {
            images: parseNpy(await bytesOf(path), path),
            labels: labels === undefined ? undefined : parseNpy(await bytesOf(labels), labels),
          }
        : await npzArrays(path, await zipEntries(path), { images, labels });
      const name = basename(path).replace(/\.np[yz]$/i, "");
      const set = npyDataset({ ...arrays, name, layout, classNames, handed });
      const sized = size === undefined ? set : resized(set, size, size);
      return { ...classSubset(sized, subset), path };
    },
  }),
});
