import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Dataset, fail, type Images } from "@ddpm/core";
import { embeddedSets, heldOutSplit, inClasses } from "@ddpm/data";
import { batchesOf, cachedFeatures, type Extractor, extractFeatures, type Features } from "@ddpm/metrics";
import { folderStore } from "@ddpm/metrics/node";
import type { RunConfig } from "@ddpm/runs";
import { isOwn, openPrepared, type RunImages } from "@ddpm/runs/node/authoring";
import type { Model } from "../drawing/open-model.ts";

/** Fewest real images: two for each of five groups of the jackknife. */
const LEAST = 10;

/** Images that samples are evaluated against. */
export interface Reference {
  /** Images that a classifier is trained on: all of the run, held-out ones included, or else the real images. */
  readonly all: Dataset;
  /** Training images of the network; undefined for a run whose images are not there. */
  readonly training: Dataset | undefined;
  /** Images that the network has not seen, where the run holds some out or they are given. */
  readonly heldOut: Dataset | undefined;
  /** Images that samples are compared with: the training images, or others. */
  readonly real: Dataset;
  /** Where the real images come from, in words. */
  readonly description: string;
  close(): Promise<void>;
}

/** Cache of trained classifiers and features of real images, shared by all runs in one folder. */
export function cacheOf(run: string): string {
  return join(dirname(resolve(run)), ".metrics");
}

/**
 * Opens the images of a run, and other real images where they are given, prepared as the run's own (`openPrepared`). The
 * run's own source as `against` is the training images; a run whose images are not there needs `against`.
 *
 * @param against images in place of the run's own
 * @param unseen  images that the network has not seen, in place of those that the run holds out
 * @throws DdpmError for images that are not there, or have another shape than the network draws
 */
export async function openReference(
  model: Pick<Model, "config" | "shape"> & Partial<Pick<Model, "classNames">>,
  against: string | undefined,
  say: (text: string) => void,
  unseen?: string,
): Promise<Reference> {
  const { config, shape, classNames } = model;
  const { data, heldOut: heldOutSettings, seed } = config;
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
    const split = own && heldOutSettings ? heldOutSplit(own, heldOutSettings.amount, seed) : undefined;
    const training = split?.training ?? own;
    if (!training && against === undefined) refuseWithoutImages(data);
    const same = training && (against === undefined || isOwn(against, { data }));
    const real = same ? training : await open(against!, "--against");
    const given = unseen === undefined ? undefined : await open(unseen, "--held-out");
    const heldOut = given ? (classNames ? inClasses(given, classNames) : given) : split?.heldOut;
    if (real.length < LEAST) {
      fail(
        "cli/reference",
        `${real.name} has ${real.length} images, expected at least ${LEAST} to compare with.`,
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
    "cli/reference",
    source === "imported"
      ? "the weights were imported, so the run has no images to compare with."
      : `the images that the run was trained on, ${source}, are not there.`,
    "Give images with --against PATH.",
  );
}

/** Features of a whole data set, cached in a folder. */
export async function featuresOf(
  dataset: Dataset,
  extractor: Extractor,
  cache: string,
  onProgress: (share: number) => void,
): Promise<Features> {
  const identity = { fingerprint: dataset.fingerprint, transform: "none" };
  return cachedFeatures(folderStore(cache), identity, extractor, async () => {
    const { features } = await extractFeatures(extractor, batchesWithProgress(dataset, onProgress));
    return features;
  });
}

async function* batchesWithProgress(
  dataset: Dataset,
  onProgress: (share: number) => void,
): AsyncGenerator<Images> {
  let done = 0;
  for await (const batch of batchesOf(dataset, { batch: 256 })) {
    yield batch;
    done += batch.shape[0];
    onProgress(done / dataset.length);
  }
}
