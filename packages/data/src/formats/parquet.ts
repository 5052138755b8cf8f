import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { type CaptionOptions, captionOptions } from "../captions/caption-option.ts";
import type { ClassSubset } from "../labels/class-subset.ts";
import { plugin } from "../plugin.ts";
import { parquetPictures } from "../readers/parquet.ts";
import type { DataFormat } from "./format.ts";
import { type PictureOptions, pictureOptions } from "./picture-options.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link parquet}. */
export interface ParquetOptions extends PictureOptions, ClassSubset, CaptionOptions {
  /** The column of pictures; by default `image`, `img`, or the first that has `bytes` inside. */
  readonly image?: string | undefined;
  /** The column of labels, by default `label`, `labels` or `fine_label`; false: none. */
  readonly label?: string | false | undefined;
  /** The split, by a folder or by the word in the files' names; the training one unless given. */
  readonly split?: string | undefined;
  /** Megabytes of encoded pictures to keep, by row groups; 1024. */
  readonly memory?: number | undefined;
}

/**
 * Pictures in Parquet, as the Hugging Face Hub keeps them: a column of `{ bytes, path }` or of bytes, with or without
 * a column of labels, in one file or a folder of them. Labels are read when the set is opened, row groups of pictures
 * when they are needed.
 *
 * Source: Apache Parquet; Hugging Face `datasets`, features `Image` and `ClassLabel`.
 */
export const parquet: Plugin<ParquetOptions, DataFormat> = plugin({
  name: "parquet",
  about: "a .parquet file or a folder of them, with pictures as the Hugging Face Hub keeps them",
  source: "Apache Parquet; its footer is read by hyparquet",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    ...captionOptions,
    image: z.string().min(1).optional().describe("the column of pictures"),
    label: z
      .union([z.string().min(1), z.literal(false)])
      .optional()
      .describe("the column of labels, or false"),
    split: z.string().min(1).optional().describe("train (default), test … where there are splits"),
    memory: z.number().min(0).default(1024).describe("megabytes of encoded pictures to keep"),
  },
  create: ({ image, label, split, captions, memory, ...images }) => ({
    images,
    recognises: async (place) => (await place.contents()).kind === "parquet",
    async read(place, { memory: most = Number.POSITIVE_INFINITY } = {}) {
      const { listing } = await place.contents();
      const held = Math.min(memory * 2 ** 20, most);
      return parquetPictures(listing, { image, label, split, captions, memory: held });
    },
  }),
});
