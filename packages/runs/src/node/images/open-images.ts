import { existsSync } from "node:fs";
import { basename } from "node:path";
import { type Dataset, fail, type ImageStream } from "@ddpm/core";
import { processors } from "@ddpm/core/node";
import { classSubset, embeddedSets, imageStream } from "@ddpm/data";
import { type ClassSubset, notUsedInWords } from "@ddpm/data/authoring";
import { type DataWorkers, dataWorkers, openDataset, publishedSets } from "@ddpm/data/node";
import type { RunConfig } from "../../config/schema.ts";
import { streamSettings } from "../../config/stream-settings.ts";

/** Images of a run, and the threads that prepare them. */
export interface RunImages extends Dataset {
  readonly workers?: DataWorkers | undefined;
  /** They are decoded from pictures when they are read. */
  readonly decodes?: boolean;
  close?(): Promise<void>;
}

/**
 * Opens what a configuration names: an embedded set, or files. Settings of `data` that are not the stream's are
 * options of the set or the format. Pictures are decoded in threads, which start when the first is read.
 *
 * @param say    receives what people should know: how many images were left out, for example
 * @param advice what to do where the source does not exist
 * @throws DdpmError when it is missing, empty or broken, or does not take an option
 */
export async function openImages(
  data: RunConfig["data"],
  say: (text: string) => void,
  advice = "Say where the images are: `data.source=PATH`.",
): Promise<RunImages> {
  const { source, format } = data;
  const { stream, rest } = streamSettings(data);
  const count = stream.workers ?? Math.min(4, Math.max(1, processors().count - 1));
  const workers = count > 0 ? dataWorkers({ count }) : undefined;
  if (embeddedSets.names.includes(source)) {
    const { classes, relabel, ...own } = rest as typeof rest & ClassSubset;
    const set = classSubset(embeddedSets.create({ ...own, name: source }), { classes, relabel });
    return stream.augment === undefined ? set : { ...set, workers };
  }
  checkSource(source, advice);
  const dataset = await openDataset(source, { ...rest, format, workers });
  const skipped = dataset.skipped ?? [];
  if (skipped.length > 0) {
    const named = skipped.slice(0, 5).map(({ file }) => file);
    say(
      `left out ${skipped.length} images that do not decode: ${named.join(", ")}${skipped.length > 5 ? " …" : ""}`,
    );
  }
  const { notUsed = [] } = dataset;
  if (notUsed.length > 0) say(`also there, not used: ${notUsedInWords(notUsed)}`);
  // Bytes in memory are ready before they could be sent to a thread.
  return dataset.decodes || stream.augment !== undefined ? { ...dataset, workers } : dataset;
}

/**
 * Says where images come from that are not there.
 *
 * @param advice what to do, an option that the verb has
 * @throws DdpmError for a source that does not exist
 */
export function checkSource(source: string, advice: string): void {
  if (existsSync(source)) return;
  const set = basename(source);
  const published = publishedSets.some(({ name }) => name === set);
  fail(
    "runs/open-images",
    `${source} does not exist.`,
    published ? `Fetch it with: ddpm data fetch ${set}. Or: ${advice}` : advice,
  );
}

/** The training stream of a run; closing it ends the threads. */
export function imageStreamOf(
  { workers, ...dataset }: RunImages,
  { seed, data }: Pick<RunConfig, "seed" | "data">,
): ImageStream {
  const { flip, range, crop, augment, prefetch } = streamSettings(data).stream;
  const stream = imageStream(dataset, { seed, flip, range, crop, augment, prefetch, workers });
  return {
    ...stream,
    async close() {
      await stream.close?.();
      await workers?.close();
      await dataset.close?.();
    },
  };
}

/** Images in the set's own order, unaugmented: for measurements that are to be the same every time. */
export function plainStreamOf(
  { workers, ...dataset }: RunImages,
  { seed, data }: Pick<RunConfig, "seed" | "data">,
): ImageStream {
  const { range, crop } = streamSettings(data).stream;
  return imageStream(dataset, { seed, range, crop, flip: false, shuffle: false, workers });
}
