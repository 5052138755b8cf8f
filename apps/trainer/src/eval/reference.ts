import { dirname, join, resolve } from "node:path";
import { type Dataset, fail, type Images, random } from "@ddpm/core";
import { heldOutSplit } from "@ddpm/data";
import {
  batchesOf,
  type Extractor,
  extractFeatures,
  type Features,
  imagesOf,
  keptFeatures,
  type Store,
} from "@ddpm/metrics";
import { openImages, type RunImages } from "../data/open-images.ts";
import type { Model } from "../run/open-model.ts";

/** Real images without which nothing is measured: two for each of the fewest groups that an error bar is made of. */
const LEAST = 10;

/** Images that samples are judged against. */
export interface Reference {
  /** All images of the run, those kept apart included: what a classifier learns from, whatever a run kept apart. */
  readonly all: Dataset;
  /** What the network learned from, and what it never saw, where the run keeps some apart. */
  readonly training: Dataset;
  readonly heldOut: Dataset | undefined;
  /** What distances are measured to: the training images, or others. */
  readonly real: Dataset;
  /** Where the real images come from, in words. */
  readonly said: string;
  close(): Promise<void>;
}

/** Where trained classifiers and features of real images are kept: beside the run, for all runs there. */
export function cacheOf(run: string): string {
  return join(dirname(resolve(run)), ".metrics");
}

/**
 * Opens the images of a run, and others to judge by where they are given.
 *
 * @param against images in place of the run's own; prepared as those are
 * @param unseen  images that the network never saw, in place of those that the run kept apart
 * @throws DdpmError for images that are not there, or of another size than the network draws
 */
export async function openReference(
  { config, shape }: Pick<Model, "config" | "shape">,
  against: string | undefined,
  say: (text: string) => void,
  unseen?: string,
): Promise<Reference> {
  const { data, heldOut: apart, seed } = config;
  const opened: RunImages[] = [await openImages(data, say)];
  const split = apart ? heldOutSplit(opened[0]!, apart.amount, seed) : undefined;
  const training = split?.training ?? opened[0]!;
  const more = async (source: string): Promise<RunImages> => {
    const { size, range } = data as typeof data & { readonly size?: unknown };
    const set = await openImages(
      { source, range, ...(size === undefined ? {} : { size }) } as typeof data,
      say,
    );
    opened.push(set);
    return set;
  };
  const real = against === undefined ? training : await more(against);
  const heldOut = unseen === undefined ? split?.heldOut : await more(unseen);
  if (real.length < LEAST) {
    fail(
      "eval",
      `${real.name} has ${real.length} images, expected at least ${LEAST} to measure by.`,
      "Give more with --against.",
    );
  }
  for (const set of [training, real, ...(heldOut ? [heldOut] : [])]) {
    if (set.shape.join() === shape.join()) continue;
    fail(
      "eval",
      `${set.name} has images of ${set.shape.join(" × ")}, and the network draws ${shape.join(" × ")}.`,
      "Give --against and --held-out images of that size; of a run that learned from random crops, too.",
    );
  }
  return {
    all: opened[0]!,
    training,
    heldOut,
    real,
    said: against ?? `the ${training.length} training images`,
    async close() {
      for (const set of opened) {
        await set.workers?.close();
        await set.close?.();
      }
    },
  };
}

/** Features of a whole set, from the store where they are kept. */
export async function featuresOf(
  dataset: Dataset,
  extractor: Extractor,
  store: Store,
  onProgress: (done: number) => void,
): Promise<Features> {
  const real = { fingerprint: dataset.fingerprint, transform: "none" };
  return keptFeatures(store, real, extractor, async () => {
    const { features } = await extractFeatures(extractor, told(dataset, onProgress));
    return features;
  });
}

async function* told(dataset: Dataset, onProgress: (done: number) => void): AsyncGenerator<Images> {
  let done = 0;
  for await (const batch of batchesOf(dataset, { batch: 256 })) {
    yield batch;
    done += batch.shape[0];
    onProgress(done / dataset.length);
  }
}

/** Numbers of at most `count` images of a set, always the same ones. */
export function someOf(length: number, count: number): Uint32Array {
  const order = random(0).fork("eval/some").permutation(length);
  return Uint32Array.from(order.subarray(0, Math.min(count, length))).sort();
}

/** Those images, [n, H, W, C] in [-1, 1]. */
export function someImages(dataset: Dataset, count: number): Promise<Images> {
  return imagesOf(dataset, someOf(dataset.length, count));
}
