import { basename } from "node:path";
import { type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { archivePictures } from "../../archive/pictures.ts";
import type { ClassSubset } from "../../class-subset.ts";
import type { DataFormat } from "../format.ts";
import { type PictureOptions, pictureOptions } from "../picture-options.ts";
import { openPictures } from "../pictures.ts";
import { subsetOptions } from "../subset-options.ts";
import { tarEntries } from "../tar-entries.ts";
import { zipEntries } from "../zip-entries.ts";

/** Options of {@link archives}. */
export interface ArchivesOptions extends PictureOptions, ClassSubset {
  /** Take the folders' names as classes (default), or not. */
  readonly labels?: boolean | undefined;
  /** One of the folders inside; by default the training one where they are called train, val, test … */
  readonly split?: string | undefined;
  /** Megabytes that a gzipped TAR may take in memory, its pictures still encoded; 1024. */
  readonly memory?: number | undefined;
}

const TAR = /\.(tar|tar\.gz|tgz)$/i;
const ZIP = /\.zip$/i;

/**
 * A ZIP or TAR archive of pictures, read in place: nothing is unpacked to disk. What holds for a folder of images
 * holds inside; a folder that holds everything is passed through.
 */
export const archives: Plugin<ArchivesOptions, DataFormat> = plugin({
  name: "archive",
  about: "a .zip, .tar, .tar.gz or .tgz of PNG, JPEG, WebP or GIF files; folders at the top are classes",
  source: "PKWARE, APPNOTE.TXT; POSIX.1-2017, pax",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    labels: z.boolean().default(true).describe("whether the folders' names are classes"),
    split: z.string().min(1).optional().describe("one of the folders inside"),
    memory: z.number().min(1).default(1024).describe("megabytes for a gzipped TAR, unpacked"),
  },
  create: ({ labels, split, memory, ...options }) => ({
    recognises: ({ kind, path }) => kind === "file" && (TAR.test(path) || ZIP.test(path)),
    async open({ path, head }, tools) {
      const gzipped = head[0] === 0x1f && head[1] === 0x8b;
      const entries = await (TAR.test(path) ? tarEntries(path, gzipped, memory * 2 ** 20) : zipEntries(path));
      const name = basename(path).replace(TAR, "").replace(ZIP, "");
      return openPictures(archivePictures(path, name, entries, { labels, split }), options, tools);
    },
  }),
});
