import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Dataset, fail, type Images, random } from "@ddpm/core";
import { embeddedSets, heldOutSplit, inClasses } from "@ddpm/data";
import {
  batchesOf,
  type Extractor,
  extractFeatures,
  type Features,
  imagesOf,
  keptFeatures,
  type Store,
} from "@ddpm/metrics";
import type { RunConfig } from "../config/schema.ts";
import type { RunImages } from "../data/open-images.ts";
import { isOwn, openPrepared } from "../data/open-prepared.ts";
import type { Model } from "../run/open-model.ts";

/** Real images without which nothing is measured: two for each of the fewest groups that an error bar is made of. */
const LEAST = 10;

/** Images that samples are evaluated against. */
export interface Reference {
  /** What a classifier learns from: all images of the run, held-out ones included; other images where those are not there. */
  readonly all: Dataset;
  /** What the network learned from; none of a run whose images are not there. */
  readonly training: Dataset | undefined;
  /** What the network never saw, where the run holds some out or they are given. */
  readonly heldOut: Dataset | undefined;
  /** What distances are measured to: the training images, or others. */
  readonly real: Dataset;
  /** Where the real images come from, in words. */
  readonly description: string;
  close(): Promise<void>;
}

/** Where trained classifiers and features of real images are kept: beside the run, for all runs there. */
export function cacheOf(run: string): string {
  return join(dirname(resolve(run)), ".metrics");
}

/**
 * Opens the images of a run, and others to evaluate by where they are given, prepared as the run's own (`openPrepared`).
 * The run's own source as `against` is the training images; a run whose images are not there is evaluated by `against`.
 *
 * @param against images in place of the run's own
 * @param unseen  images that the network never saw, in place of those that the run holds out
 * @throws DdpmError for images that are not there, or have another shape than the network draws
 */
export async function openReference(
  model: Pick<Model, "config" | "shape"> & Partial<Pick<Model, "classNames">>,
  against: string | undefined,
  say: (text: string) => void,
  unseen?: string,
): Promise<Reference> {
  const { config, shape, classNames } = model;
  const { data, heldOut: apart, seed } = config;
  const opened: RunImages[] = [];
  const close = async (): Promise<void> => {
    for (const set of opened) {
      await set.workers?.close();
      await set.close?.();
    }
  };
  const open = async (source: string, option: string): Promise<RunImages> => {
    const advice = `Give ${option} a folder or file of images.`;
    const set = await openPrepared(source, { data, shape, seed, labels: true, advice, say });
    opened.push(set);
    return set;
  };
  try {
    const own = isThere(data) ? await open(data.source, "--against") : undefined;
    const split = own && apart ? heldOutSplit(own, apart.amount, seed) : undefined;
    const training = split?.training ?? own;
    if (!training && against === undefined) refuseWithoutImages(data);
    const same = training && (against === undefined || isOwn(against, { data }));
    const real = same ? training : await open(against!, "--against");
    const given = unseen === undefined ? undefined : await open(unseen, "--held-out");
    const heldOut = given ? (classNames ? inClasses(given, classNames) : given) : split?.heldOut;
    if (real.length < LEAST) {
      fail(
        "eval",
        `${real.name} has ${real.length} images, expected at least ${LEAST} to measure by.`,
        "Give more with --against.",
      );
    }
    const description = same ? `the ${training.length} training images` : against!;
    return { all: own ?? real, training, heldOut, real, description, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function isThere({ source }: RunConfig["data"]): boolean {
  return embeddedSets.names.includes(source) || existsSync(source);
}

function refuseWithoutImages({ source }: RunConfig["data"]): never {
  return fail(
    "eval",
    source === "imported"
      ? "the weights were imported, so the run has no images to measure by."
      : `the images that the run was trained on, ${source}, are not there.`,
    "Give images with --against PATH.",
  );
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
