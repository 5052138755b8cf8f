import type { Dataset, ImageStream } from "@ddpm/core";
import { classSubset, embeddedSets, heldOutSplit, imageStream } from "@ddpm/data";
import type { RunConfig } from "@ddpm/runs";
import { z } from "zod";
import { keptData } from "../store/data-files.ts";
import { openData } from "./open-data.ts";

/** Settings of `data` that are the stream's, whatever the images are. */
const streamSettings = z.object({
  flip: z.boolean().optional(),
  range: z.enum(["symmetric", "unit"]).optional(),
  crop: z.union([z.int().min(1), z.tuple([z.int().min(1), z.int().min(1)])]).optional(),
  augment: z.number().min(0).max(1).optional(),
});

/** Settings of `data` that change no image: who prepares them, and where they come from. */
const ELSEWHERE = ["source", "format", "prefetch", "workers", "memory", "concurrency", "cache"];

const heldOut = z.looseObject({ amount: z.number().positive() }).nullish();

/**
 * The training images of a run, in the order in which the `ddpm` command reads them: from the files kept with it, else
 * the embedded shapes. Images that the run holds out are left out.
 *
 * @throws when they are not here, or a setting does not fit
 */
export async function imagesOfRun(run: string, config: RunConfig): Promise<ImageStream> {
  const stream = streamSettings.parse(config.data);
  const all = await datasetOf(run, config.data);
  const apart = heldOut.parse(config.heldOut);
  const dataset = apart ? heldOutSplit(all, apart.amount, config.seed).training : all;
  return imageStream(dataset, { seed: config.seed, ...stream });
}

async function datasetOf(run: string, data: RunConfig["data"]): Promise<Dataset> {
  const { classes, relabel, ...own } = Object.fromEntries(
    Object.entries(data).filter(([name]) => !(name in streamSettings.shape) && !ELSEWHERE.includes(name)),
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
