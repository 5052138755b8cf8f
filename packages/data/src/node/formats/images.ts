import { type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import type { ClassSubset } from "../../class-subset.ts";
import { isImageName } from "../../names.ts";
import { filesBelow } from "../files.ts";
import type { DataFormat } from "../format.ts";
import { openImageFolder } from "../image-folder.ts";
import { type PictureOptions, pictureOptions } from "../picture-options.ts";
import { subsetOptions } from "../subset-options.ts";

/** Options of {@link images}. */
export interface ImagesOptions extends PictureOptions, ClassSubset {
  /** Take the folders' names as classes (default), or not; or a list of labels: a CSV or JSON file in the folder. */
  readonly labels?: boolean | string | undefined;
  /** One of the folders inside; by default the training one where they are called train, val, test … */
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
    labels: z
      .union([z.boolean(), z.string().min(1)])
      .default(true)
      .describe("whether the folders' names are classes; or a CSV or JSON file of labels"),
    split: z.string().min(1).optional().describe("one of the folders inside"),
  },
  create: (options) => ({
    recognises: async ({ kind, path, names }) =>
      kind === "folder" &&
      (names.some(isImageName) || (await filesBelow(path, isImageName, 1).catch(() => [])).length > 0),
    open: (place, tools) => openImageFolder(place, options, tools),
  }),
});
