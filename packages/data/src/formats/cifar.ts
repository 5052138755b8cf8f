import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import type { ClassSubset } from "../labels/class-subset.ts";
import type { CifarVariant } from "../parsers/cifar.ts";
import { plugin } from "../plugin.ts";
import { cifarSet } from "../readers/cifar.ts";
import type { DataFormat } from "./format.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link cifar}. */
export interface CifarOptions extends ClassSubset {
  /** Which images of a folder: `train` (default) or `test`. */
  readonly split?: string | undefined;
  /** CIFAR-100: 100 classes (`fine`, default) or 20 (`coarse`). */
  readonly level?: "fine" | "coarse" | undefined;
  /** 10 or 100, where neither the files' names nor their lengths tell. */
  readonly variant?: CifarVariant | undefined;
  /** Side in pixels to stretch images to, as torchvision's `Resize` does. */
  readonly size?: number | undefined;
}

/**
 * CIFAR-10 or CIFAR-100 in their binary version: the folder as published, or one `.bin` file. Class names come from
 * `batches.meta.txt`, `fine_label_names.txt` or `coarse_label_names.txt` next to the files.
 *
 * Source: Krizhevsky, "The CIFAR-10 dataset", binary version.
 */
export const cifar: Plugin<CifarOptions, DataFormat> = plugin({
  name: "cifar",
  about:
    "CIFAR-10 or CIFAR-100, binary version: a folder with data_batch_*.bin or train.bin, or one .bin file",
  source: "Krizhevsky, The CIFAR-10 dataset, binary version",
  options: {
    ...subsetOptions,
    split: z.string().min(1).optional().describe("train (default) or test"),
    level: z.enum(["fine", "coarse"]).default("fine").describe("CIFAR-100's 100 or 20 classes"),
    variant: z
      .union([z.literal(10), z.literal(100)])
      .optional()
      .describe("10 or 100, where the files do not tell"),
    size: z.number().int().min(1).max(4096).optional().describe("side in pixels to stretch images to"),
  },
  create: ({ split, level, variant, ...images }) => ({
    images,
    recognises: async (place) => (await place.contents()).kind === "cifar",
    async read(place) {
      const { listing } = await place.contents();
      return cifarSet(listing, { split, level, variant, name: place.name });
    },
  }),
});
