import type { Dataset, ImageStream } from "@ddpm/core";
import { classSubset, embeddedSets, heldOutSplit, imageStream } from "@ddpm/data";
import type { RunConfig } from "@ddpm/runs";
import { streamSettings } from "@ddpm/runs/authoring";
import { keptData } from "../../store/data-files.ts";
import { openData } from "./open-data.ts";

/** Settings of `data` for readers of files in Node.js; they change no image. */
const NODE_ONLY = ["memory", "concurrency", "cache"];

/**
 * The training images of a run, in the order in which the `ddpm` command reads them: from the files stored with it, else
 * the embedded shapes. Images that the run holds out are left out.
 *
 * @throws when they are not here, or a setting does not fit
 */
export async function imagesOfRun(run: string, config: RunConfig): Promise<ImageStream> {
  const { stream, rest } = streamSettings(config.data);
  const { flip, range, crop, augment } = stream;
  const all = await datasetOf(run, config.data, rest);
  const { heldOut, seed } = config;
  const dataset = heldOut ? heldOutSplit(all, heldOut.amount, seed).training : all;
  return imageStream(dataset, { seed, flip, range, crop, augment });
}

async function datasetOf(
  run: string,
  data: RunConfig["data"],
  settings: Readonly<Record<string, unknown>>,
): Promise<Dataset> {
  const { classes, relabel, ...own } = Object.fromEntries(
    Object.entries(settings).filter(([name]) => !NODE_ONLY.includes(name)),
  ) as Readonly<Record<string, unknown>> & Pick<Parameters<typeof classSubset>[1], "classes" | "relabel">;
  const files = await keptData(run);
  if (files) return (await openData(files, { ...own, classes, relabel })).dataset;
  if (!embeddedSets.names.includes(data.source)) {
    throw new Error(
      `The images of this run (${data.source}) are not here. It can be sampled, but not trained on.`,
    );
  }
  return classSubset(embeddedSets.create({ ...own, name: data.source }), { classes, relabel });
}
