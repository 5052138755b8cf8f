import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { type CaptionOptions, captionOptions } from "../captions/caption-option.ts";
import type { ClassSubset } from "../labels/class-subset.ts";
import { plugin } from "../plugin.ts";
import { webdatasetPictures } from "../readers/webdataset.ts";
import type { DataFormat } from "./format.ts";
import { type PictureOptions, pictureOptions } from "./picture-options.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link webdataset}. */
export interface WebdatasetOptions extends PictureOptions, ClassSubset, CaptionOptions {
  /** Where labels are: `cls` (default where there are such files), or a field of the JSON files; false: none. */
  readonly label?: string | false | undefined;
  /** Class names by label. */
  readonly classNames?: readonly string[] | undefined;
  /** The split, by a folder or by the word in the shards' names; the training one unless given. */
  readonly split?: string | undefined;
  /** Megabytes that a gzipped shard may take in memory; 1024. */
  readonly memory?: number | undefined;
}

/**
 * WebDataset shards: TAR files in which files with the same name but for the ending belong together, a picture with
 * its label in `.cls` (a whole number) or in a field of `.json`. Shards are read in place, in the order of their names.
 *
 * Source: WebDataset, "The WebDataset Format".
 */
export const webdataset: Plugin<WebdatasetOptions, DataFormat> = plugin({
  name: "webdataset",
  about:
    "a TAR, gzipped or not, or a folder of them, with pictures and .cls or .json files of the same names",
  source: "WebDataset, The WebDataset Format",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    ...captionOptions,
    label: z
      .union([z.string().min(1), z.literal(false)])
      .optional()
      .describe("cls, a field of the JSON files, or false for none"),
    classNames: z.array(z.string()).readonly().optional().describe("class names by label"),
    split: z.string().min(1).optional().describe("train (default), test … where there are splits"),
    memory: z.number().min(1).default(1024).describe("megabytes for a gzipped shard, unpacked"),
  },
  create: ({ label, classNames, split, captions, memory, ...images }) => ({
    images,
    recognises: async (place) => (await place.contents()).kind === "webdataset",
    async read(place) {
      const { listing } = await place.contents();
      return webdatasetPictures(listing, { label, classNames, split, captions, memory: memory * 2 ** 20 });
    },
  }),
});
