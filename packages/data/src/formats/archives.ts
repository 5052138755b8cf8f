import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { type CaptionOptions, captionOptions } from "../captions/caption-option.ts";
import type { ClassSubset } from "../labels/class-subset.ts";
import { plugin } from "../plugin.ts";
import { pictures } from "../readers/pictures.ts";
import type { DataFormat } from "./format.ts";
import { type PictureOptions, pictureOptions } from "./picture-options.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link archives}. */
export interface ArchivesOptions extends PictureOptions, ClassSubset, CaptionOptions {
  /** Take labels (default), or not; or a list of labels: a CSV or JSON file in the archive or next to it. */
  readonly labels?: boolean | string | undefined;
  /** The split, by its folder's name or kind; the training one unless given. */
  readonly split?: string | undefined;
  /** Megabytes that a gzipped TAR may take in memory, its pictures still encoded; 1024. */
  readonly memory?: number | undefined;
}

/**
 * A ZIP or TAR archive of pictures, read in place: nothing is unpacked to disk. What holds for a folder of images
 * holds inside; a folder that holds everything is passed through.
 */
export const archives: Plugin<ArchivesOptions, DataFormat> = plugin({
  name: "archive",
  about: "a ZIP, TAR or gzipped TAR of PNG, JPEG, WebP or GIF files; folders at the top are classes",
  source: "PKWARE, APPNOTE.TXT; POSIX.1-2017, pax",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    ...captionOptions,
    labels: z
      .union([z.boolean(), z.string().min(1)])
      .default(true)
      .describe("whether to take labels; or a CSV or JSON file of them"),
    split: z.string().min(1).optional().describe("train (default), test … where there are splits"),
    memory: z.number().min(1).default(1024).describe("megabytes for a gzipped TAR, unpacked"),
  },
  create: ({ labels, split, captions, memory: _, ...images }) => ({
    images,
    async recognises(place) {
      const { listing, kind } = await place.contents();
      return listing.kind === "archive" && (kind === "pictures" || kind === undefined);
    },
    read: async (place) => pictures((await place.contents()).listing, { labels, split, captions }),
  }),
});
