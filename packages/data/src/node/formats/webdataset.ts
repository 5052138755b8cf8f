import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fail, type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { type Sample, samplesOf } from "../../archive/samples.ts";
import { tarWalk } from "../../archive/tar.ts";
import type { ClassSubset } from "../../class-subset.ts";
import { limiter } from "../../limiter.ts";
import { isImageName } from "../../names.ts";
import { fileSource } from "../file-source.ts";
import type { DataFormat } from "../format.ts";
import { type PictureOptions, pictureOptions } from "../picture-options.ts";
import { openPictures } from "../pictures.ts";
import type { Place } from "../place.ts";
import { subsetOptions } from "../subset-options.ts";
import { tarEntries } from "../tar-entries.ts";

/** Options of {@link webdataset}. */
export interface WebdatasetOptions extends PictureOptions, ClassSubset {
  /** Where labels are: `cls` (default where there are such files), or a field of the JSON files; false: none. */
  readonly label?: string | false | undefined;
  /** Class names by label. */
  readonly classNames?: readonly string[] | undefined;
  /** Which shards of a folder, by how their names begin; all unless given. */
  readonly split?: string | undefined;
}

const TAR = /\.tar$/i;

/** Largest label where no class names tell how many classes there are. */
const MOST = 100_000;

/**
 * WebDataset shards: TAR files in which files with the same name but for the ending belong together, a picture with
 * its label in `.cls` (a whole number) or in a field of `.json`. Shards are read in place, in the order of their names.
 *
 * Source: WebDataset, "The WebDataset Format".
 */
export const webdataset: Plugin<WebdatasetOptions, DataFormat> = plugin({
  name: "webdataset",
  about: "a .tar, or a folder of them, with pictures beside .cls or .json files of the same name",
  source: "WebDataset, The WebDataset Format",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    label: z
      .union([z.string().min(1), z.literal(false)])
      .optional()
      .describe("cls, a field of the JSON files, or false for none"),
    classNames: z.array(z.string()).readonly().optional().describe("class names by label"),
    split: z.string().min(1).optional().describe("which shards of a folder, by how their names begin"),
  },
  create: ({ label, classNames, split, ...options }) => ({
    async recognises({ kind, names, path }) {
      if (kind === "folder")
        return names.some((name) => TAR.test(name)) && names.every((name) => !isImageName(name));
      return TAR.test(path) && hasSamples(path).catch(() => false);
    },
    async open(place, tools) {
      const shards = shardsOf(place, split);
      const samples = (
        await Promise.all(
          shards.map(async (shard) => {
            const found = samplesOf(await tarEntries(shard, false, 0), shard);
            return found.map((sample) => ({ ...sample, shard }));
          }),
        )
      ).flat();
      if (samples.length === 0) fail("data/webdataset", `${place.path} has no PNG, JPEG, WebP or GIF files.`);
      const labels = await labelsOf(samples, label);
      const most = labels?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
      const limit = classNames?.length ?? MOST;
      if (most >= limit) fail("data/webdataset", `${place.path}: label ${most}, expected 0 to ${limit - 1}.`);
      const classes = classNames ?? Array.from({ length: most + 1 }, (_, number) => String(number));
      return openPictures(
        {
          name: basename(place.path).replace(TAR, ""),
          path: place.path,
          names: samples.map(({ key }) => key),
          file: (index) => `${samples[index]!.shard}: ${samples[index]!.picture.name}`,
          bytes: (index) => samples[index]!.picture.read(),
          labelling: labels && { classes, labels },
          identity: samples.map(({ shard, picture }) => [basename(shard), picture.name, picture.size]),
          stamp: await Promise.all(shards.map(async (shard) => (await stat(shard)).mtimeMs)),
        },
        options,
        tools,
      );
    },
  }),
});

/** Whether a picture and its `.cls` or `.json` are among the first files. */
async function hasSamples(path: string): Promise<boolean> {
  const first: { name: string }[] = [];
  for await (const entry of tarWalk(await fileSource(path))) if (first.push(entry) === 6) break;
  const stem = (name: string): string => name.replace(/\.[^/]*$/, "");
  const pictures = new Set(first.filter(({ name }) => isImageName(name)).map(({ name }) => stem(name)));
  return first.some(({ name }) => /\.(cls|json)$/i.test(name) && pictures.has(stem(name)));
}

function shardsOf({ kind, path, names }: Place, split: string | undefined): string[] {
  if (kind === "file") return [path];
  const found = names.filter((name) => TAR.test(name) && name.startsWith(split ?? ""));
  if (found.length > 0) return found.map((name) => join(path, name));
  return fail("data/webdataset", `${path} has no .tar files that begin with ${split ?? "anything"}.`);
}

async function labelsOf(
  samples: readonly (Sample & { shard: string })[],
  wanted: string | false | undefined,
): Promise<number[] | undefined> {
  if (wanted === false) return undefined;
  const by =
    wanted ?? (["cls", "json"].find((ending) => samples[0]!.about.has(ending)) === "json" ? "label" : "cls");
  if (wanted === undefined && samples.every(({ about }) => !about.has("cls") && !about.has("json")))
    return undefined;
  const limited = limiter(16);
  return Promise.all(
    samples.map(({ about, shard, key }) =>
      limited(async () => {
        const entry = about.get(by === "cls" ? "cls" : "json");
        const text = entry && entry.size < 2 ** 20 ? new TextDecoder().decode(await entry.read()) : "";
        const label = by === "cls" ? text.trim() : String(fieldOf(text, by));
        if (/^\d{1,9}$/.test(label)) return Number(label);
        const what = by === "cls" ? "file .cls" : `field ${by} in its .json`;
        return fail(
          "data/webdataset",
          `${shard}: ${key} has no ${what} with a whole number.`,
          wanted === undefined ? "Set label to the field that holds it, or to false." : undefined,
        );
      }),
    ),
  );
}

function fieldOf(text: string, field: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json !== null && typeof json === "object" ? (json as Record<string, unknown>)[field] : undefined;
  } catch {
    return undefined;
  }
}
