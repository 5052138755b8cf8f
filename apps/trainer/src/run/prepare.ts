import type { Dataset, ImageStream, Images } from "@ddpm/core";
import { heldOutSplit } from "@ddpm/data";
import type { TrainState } from "@ddpm/trainer";
import { hasCheckpoint, loadCheckpoint } from "@ddpm/trainer/node";
import { type ChosenBackend, startBackend } from "../backends/index.ts";
import type { RunConfig } from "../config/schema.ts";
import { imageStreamOf, openImages, plainStreamOf } from "../data/open-images.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { type BuiltRun, buildRun, checkImages, fitToImages } from "./build.ts";
import { checkHeldOut, checkTraining } from "./check-training.ts";
import { isRun, type RunFolder, readRunConfig, runFolder } from "./folder.ts";
import { checkSameRun, type GivenImages, sameImages } from "./same-run.ts";

/** A training that can begin: everything is there, and fits. */
export interface Prepared {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly backend: ChosenBackend;
  readonly parts: BuiltRun;
  /** The images to train on, and their stream. */
  readonly images: Dataset;
  readonly stream: ImageStream;
  /** Those that training never sees, in their own order. */
  readonly heldOut?: ImageStream;
  /** The first training images, as many as pictures show. */
  readonly first: Images;
  /** Where the run goes on, if it does. */
  readonly resumed: TrainState | undefined;
}

/** Training images that samples are compared with. */
const COMPARED = 256;

/**
 * Makes every part of a training, opens its images, and checks that all fits, also with what the run folder holds.
 *
 * @throws UsageError for whatever does not
 */
export async function prepare(
  wanted: RunConfig,
  folder: RunFolder,
  flags: { readonly backend: string; readonly threads?: number },
  reporter: Reporter,
): Promise<Prepared> {
  await asUsage(() => buildRun(wanted));
  const backend = await asUsage(() => startBackend(flags.backend, flags));
  const all = await asUsage(() => openImages(wanted.data, (text) => reporter.say(text)));
  const { heldOut: apart } = wanted;
  const split = await asUsage(() => (apart ? heldOutSplit(all, apart.amount, wanted.seed) : undefined));
  const images = split?.training ?? all;
  const stream = await asUsage(() => imageStreamOf(images, wanted));
  const { config, parts } = await asUsage(async () => {
    const config = await fitToImages(wanted, stream.shape, await likeOf(wanted, folder));
    const parts = await buildRun(config, true);
    checkImages(parts.denoiser, stream.shape, parts.condition);
    return { config, parts };
  });
  await asUsage(async () => {
    if (isRun(folder)) checkSameRun(await readRunConfig(folder), config);
    else checkHeldOut(config);
    await checkTraining(config, parts, stream, backend);
  });
  const { count, strip } = config.sample;
  const wantedFirst = Math.max(config.train.batch, count, strip, COMPARED);
  const first = await asUsage(() => stream.read(0, Math.min(wantedFirst, images.length)));
  const resumed = await asUsage(() =>
    resumedState(folder, { ...stream, decodes: all.decodes ?? false }, reporter),
  );
  return {
    config,
    folder,
    backend,
    parts,
    images,
    stream,
    ...(split ? { heldOut: plainStreamOf(split.heldOut, config) } : {}),
    first,
    resumed,
  };
}

/** The run that goes on, or the one that it begins from. */
async function likeOf({ start }: RunConfig, folder: RunFolder): Promise<RunConfig | undefined> {
  const like = isRun(folder) || !start ? folder : runFolder(start.run);
  return isRun(like) ? readRunConfig(like) : undefined;
}

async function resumedState(
  folder: RunFolder,
  given: GivenImages,
  reporter: Reporter,
): Promise<TrainState | undefined> {
  if (!(await hasCheckpoint(folder.path))) return undefined;
  const { state, meta, warnings } = await loadCheckpoint(folder.path);
  for (const warning of warnings) reporter.say(`warning: ${warning}`);
  const images = sameImages(meta, given);
  if (images === "alike") {
    reporter.say(
      "warning: the run was trained in a browser, which decodes and scales pictures in its own way. There are as many here, of one size with those; whether they are the same cannot be told.",
    );
  } else if (images === "others") {
    throw new UsageError(
      `the images are not those that ${folder.path} was begun with. Give the same --data, or begin another run with --out.`,
    );
  }
  return state;
}
