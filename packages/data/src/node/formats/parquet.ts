import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fail, type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import type { ClassSubset } from "../../class-subset.ts";
import { parquetColumns } from "../../parquet/columns.ts";
import { parquetFile } from "../../parquet/file.ts";
import { parquetRows } from "../../parquet/rows.ts";
import { fileSource } from "../file-source.ts";
import { filesBelow } from "../files.ts";
import type { DataFormat } from "../format.ts";
import { type PictureOptions, pictureOptions } from "../picture-options.ts";
import { openPictures } from "../pictures.ts";
import type { Place } from "../place.ts";
import { subsetOptions } from "../subset-options.ts";

/** Options of {@link parquet}. */
export interface ParquetOptions extends PictureOptions, ClassSubset {
  /** The column of pictures; by default `image`, `img`, or the first that has `bytes` inside. */
  readonly image?: string | undefined;
  /** The column of labels, by default `label`, `labels` or `fine_label`; false: none. */
  readonly label?: string | false | undefined;
  /** Which files of a folder: those that begin with `train` (default where there are any), `test` … */
  readonly split?: string | undefined;
  /** Megabytes of encoded pictures to keep, by row groups; 1024. */
  readonly memory?: number | undefined;
}

const PARQUET = /\.parquet$/i;

/** Largest label where no class names tell how many classes there are. */
const MOST = 100_000;

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
    image: z.string().min(1).optional().describe("the column of pictures"),
    label: z
      .union([z.string().min(1), z.literal(false)])
      .optional()
      .describe("the column of labels, or false"),
    split: z.string().min(1).optional().describe("which files of a folder, by how their names begin"),
    memory: z.number().min(0).default(1024).describe("megabytes of encoded pictures to keep"),
  },
  create: ({ image, label, split, memory, ...options }) => ({
    recognises: async ({ kind, path, names, head }) => {
      if (kind === "file")
        return PARQUET.test(path) || Buffer.from(head.subarray(0, 4)).toString() === "PAR1";
      if (names.some((name) => PARQUET.test(name))) return true;
      return names.includes("data") && (await parquetsOf(join(path, "data")).catch(() => [])).length > 0;
    },
    async open(place, tools) {
      const chosen = place.kind === "file" ? { paths: [place.path] } : await inFolder(place, split);
      const files = await Promise.all(chosen.paths.map(async (path) => parquetFile(await fileSource(path))));
      const [first] = files;
      const columns = parquetColumns(first!.path, first!.metadata, { image, label });
      for (const file of files)
        parquetColumns(file.path, file.metadata, { image: columns.image, label: columns.label ?? false });
      const rows = parquetRows(files, columns.path, memory * 2 ** 20);
      if (rows.length === 0)
        fail("data/parquet", `${place.path} has no rows, expected at least one picture.`);
      const labels = columns.label === undefined ? undefined : await rows.labels(columns.label);
      const most = labels?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
      const limit = columns.classes?.length ?? MOST;
      if (most >= limit) {
        fail("data/parquet", `${place.path}: label ${most} in ${columns.label}, expected 0 to ${limit - 1}.`);
      }
      const classes = columns.classes ?? Array.from({ length: most + 1 }, (_, k) => String(k));
      const name = basename(place.path).replace(PARQUET, "");
      return openPictures(
        {
          name: chosen.split === undefined ? name : `${name}/${chosen.split}`,
          path: place.path,
          names: Array.from({ length: rows.length }, (_, index) => `row ${index}`),
          file: rows.file,
          bytes: rows.bytes,
          labelling: labels && { classes, labels: Array.from(labels) },
          stamp: await Promise.all(chosen.paths.map(async (path) => (await stat(path)).mtimeMs)),
          ordered: rows.bytesHeld > memory * 2 ** 20,
          identity: files.map(({ path, size, starts }) => [
            basename(path),
            size,
            starts.at(-1),
            columns.image,
          ]),
        },
        options,
        tools,
      );
    },
  }),
});

async function parquetsOf(folder: string): Promise<string[]> {
  const files = await filesBelow(folder, (name) => PARQUET.test(name));
  return files.map(({ path }) => path);
}

/** `train-00000-of-00002.parquet` and the like are splits; files that are called otherwise are all one set. */
async function inFolder(
  { path }: Place,
  split: string | undefined,
): Promise<{ paths: string[]; split?: string }> {
  const all = await parquetsOf(path);
  const begins = (wanted: string): string[] =>
    all.filter(
      (name) => basename(name).startsWith(wanted) && !/^[a-z]/i.test(basename(name).slice(wanted.length)),
    );
  const wanted = split ?? (begins("train").length > 0 ? "train" : undefined);
  const chosen = wanted === undefined ? all : begins(wanted);
  if (chosen.length === 0) {
    const some = all.slice(0, 6).join(", ");
    fail("data/parquet", `${path} has no files that begin with ${wanted ?? "anything"}, it has ${some}.`);
  }
  const paths = chosen.map((name) => join(path, name));
  return wanted === undefined ? { paths } : { paths, split: wanted };
}
