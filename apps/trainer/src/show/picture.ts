import type { Images } from "@ddpm/core";
import { imageStreamOf, openImages, writeFileAtomic } from "@ddpm/runs/node/authoring";
import { ansiPreview, type Pixels, png } from "@ddpm/viz/images";
import { dataSettings } from "../data/data-settings.ts";
import { createReporter } from "../output/create-reporter.ts";

/** Flags that the verbs of `show` share. */
export interface PictureFlags {
  readonly out: string;
  readonly json?: boolean;
}

const GIVE = "Give a folder or file of images, or the name of an embedded set.";

/** Flags of the verbs that look at images. */
export interface DataFlags extends PictureFlags {
  readonly seed: number;
  readonly count: number;
  readonly set?: readonly string[];
}

/** The first images of a stream in [−1, 1], with settings of the data from `--set`. */
export async function firstImages(source: string, { set, seed, count }: DataFlags): Promise<Images> {
  const data = { ...dataSettings(set), range: "symmetric" as const, source };
  const dataset = await openImages(data, (text) => process.stderr.write(`${text}\n`), GIVE);
  return imageStreamOf(dataset, { seed, data }).read(0, count);
}

/** Writes a picture, shows it on a terminal, and says where it is. */
export async function showPicture({ out, json }: PictureFlags, picture: Pixels): Promise<void> {
  const reporter = createReporter(Boolean(json));
  await writeFileAtomic(out, png(picture));
  reporter.preview((columns) => ansiPreview(picture, { columns }));
  reporter.event({ event: "picture", path: out }, out);
}
