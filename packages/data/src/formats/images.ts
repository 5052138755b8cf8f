import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { type CaptionOptions, captionOptions } from "../captions/caption-option.ts";
import type { ClassSubset } from "../labels/class-subset.ts";
import { plugin } from "../plugin.ts";
import { pictures } from "../readers/pictures.ts";
import type { DataFormat } from "./format.ts";
import { type PictureOptions, pictureOptions } from "./picture-options.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link images}. */
export interface ImagesOptions extends PictureOptions, ClassSubset, CaptionOptions {
  /** Take labels (default), or not; or a list of labels: a CSV or JSON file in the folder. */
  readonly labels?: boolean | string | undefined;
  /** The split, by its folder's name or kind; the training one unless given. */
  readonly split?: string | undefined;
}

/**
 * A folder of PNG, JPEG, WebP and GIF files of any size, in folders within folders; the topmost are the classes.
 * Decoded when first read, by sharp in its own threads, and kept as bytes.
 *
 * The fingerprint covers paths, file sizes and options, not every byte of the files.
 */
export const images: Plugin<ImagesOptions, DataFormat> = plugin({
  name: "images",
  about: "a folder of PNG, JPEG, WebP or GIF files, at any depth; folders at the top are classes",
  source: "decoded by sharp (libvips)",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    ...captionOptions,
    labels: z
      .union([z.boolean(), z.string().min(1)])
      .default(true)
      .describe("whether to take labels; or a CSV or JSON file of them"),
    split: z.string().min(1).optional().describe("train (default), test … where there are splits"),
  },
  create: ({ labels, split, captions, ...images }) => ({
    images,
    async recognises(place) {
      const { listing, kind } = await place.contents();
      return listing.kind !== "archive" && kind === "pictures";
    },
    read: async (place) => pictures((await place.contents()).listing, { labels, split, captions }),
  }),
});
