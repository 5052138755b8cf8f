import type { Images } from "@ddpm/core";
import { writeFileAtomic } from "@ddpm/trainer/node";
import { ansiPreview, type Pixels, png } from "@ddpm/viz/images";
import { pluginSpec } from "../../config/plugin-spec.ts";
import { imageStreamOf, openImages } from "../../data/open-images.ts";
import { createReporter } from "../../output/reporter.ts";

/** Flags that the verbs of `show` share. */
export interface PictureFlags {
  readonly out: string;
  readonly json?: boolean;
}

/** Flags of the verbs that look at images. */
export interface DataFlags extends PictureFlags {
  readonly seed: number;
  readonly count: number;
  readonly set?: readonly string[];
}

/** The first images of a stream, with options of the data from `--set`. */
export async function firstImages(source: string, { set = [], seed, count }: DataFlags): Promise<Images> {
  const assignments = ["range=symmetric", ...set].join(",");
  const { name: _, ...options } = pluginSpec(`data:${assignments}`) as { name: string };
  const data = { range: "symmetric" as const, ...options, source };
  const dataset = await openImages(data, (text) => process.stderr.write(`${text}\n`));
  return imageStreamOf(dataset, { seed, data }).read(0, count);
}

/** Writes a picture, shows it on a terminal, and says where it is. */
export async function showPicture({ out, json }: PictureFlags, picture: Pixels): Promise<void> {
  const reporter = createReporter(Boolean(json));
  await writeFileAtomic(out, png(picture));
  reporter.preview((columns) => ansiPreview(picture, { columns }));
  reporter.event({ event: "picture", path: out }, out);
}
