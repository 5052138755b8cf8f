import { type ChosenBackend, useBackend } from "@ddpm/backends";
import type { Dataset, ImageStream, Images } from "@ddpm/core";
import { heldOutSplit } from "@ddpm/data";
import type { RunConfig, RunParts } from "@ddpm/runs";
import {
  checkHeldOut,
  checkSameRun,
  checkTraining,
  classNamesOf,
  type FoundRun,
  fitToCaptions,
  foundRun,
  type ImageLatents,
  isRun,
  readRunConfig,
  renamedClasses,
} from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import {
  checkUnlocked,
  imageStreamOf,
  openImages,
  plainStreamOf,
  type RunImages,
} from "@ddpm/runs/node/authoring";
import { withTokens } from "@ddpm/text";
import type { TrainState } from "@ddpm/trainer";
import { checkLabelled } from "@ddpm/trainer/authoring";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { buildRun, fitRun } from "./build.ts";
import { checkData } from "./check-data.ts";
import type { RunFolder } from "./folder.ts";
import {
  type EncodedTraining,
  encodeTraining,
  type LatentSource,
  latentSource,
} from "./latent/encode-training.ts";
import { resumedState } from "./resumed.ts";

/** Images that training never sees. */
export interface HeldOutSet {
  readonly dataset: Dataset;
  /** In the set's own order, unaugmented. */
  readonly stream: ImageStream;
}

/** A training that can begin: everything is there, and fits. */
export interface Prepared {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly backend: ChosenBackend;
  readonly parts: RunParts;
  /** The images to train on. */
  readonly images: Dataset;
  /** Their stream, or that of their latents. */
  readonly stream: ImageStream;
  /** What the network works in, where that is latents. */
  readonly latents?: ImageLatents;
  readonly heldOut?: HeldOutSet;
  /** The first training images, for pictures. */
  readonly first: Images;
  /** What the run resumes from, if it does. */
  readonly resumed: TrainState | undefined;
  /** What the folder held. */
  readonly found: FoundRun;
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
  flags: { readonly backend: string; readonly threads?: number; readonly dryRun?: boolean },
  reporter: Reporter,
): Promise<Prepared> {
  await asUsage(() => checkUnlocked(folder.path));
  const found = await foundRun(folder.storage);
  await asUsage(async () => buildRun(await fitToCaptions(wanted)));
  const backend = await asUsage(() => useBackend(flags.backend, flags));
  const source = await asUsage(() => (wanted.latent ? latentSource(wanted, folder, found.begun) : undefined));
  const all = await asUsage(() => openImages(wanted.data, (text) => reporter.say(text)));
  const { heldOut } = wanted;
  const split = await asUsage(() => (heldOut ? heldOutSplit(all, heldOut.amount, wanted.seed) : undefined));
  const images = split?.training ?? all;
  const pixels = await asUsage(() => imageStreamOf(images, wanted));
  const more = { folder, backend, reporter, dry: Boolean(flags.dryRun) };
  const encoded = source && (await asUsage(() => encodedFor(source, images, pixels, more)));
  const stream = encoded ? closing(encoded.stream, pixels) : pixels;
  const { config, parts } = await asUsage(async () => {
    const read = await fitToCaptions(encoded?.config ?? wanted, images);
    const config = await fitRun(read, stream.shape, await likeOf(wanted, folder));
    const parts = await buildRun(config, true);
    checkData(parts, stream);
    return { config, parts };
  });
  await asUsage(async () => {
    if (found.begun) checkSameRun(await readRunConfig(folder.storage), config);
    else if (!parts.trained) await checkHeldOut(config, parts);
    await checkTraining(config, parts, stream, backend.compile);
  });
  const { count, strip } = config.sample;
  const wantedFirst = Math.max(config.train.batch, count, strip, COMPARED);
  const first = await asUsage(() => pixels.read(0, Math.min(wantedFirst, images.length)));
  await asUsage(() => checkLabelled(parts.denoiser, first));
  const { tokenizer } = parts;
  if (tokenizer) await asUsage(() => withTokens(stream, tokenizer).read(0, 1));
  const resumed = await asUsage(() =>
    resumedState({ folder, found, config, parts, decodes: all.decodes ?? false, stream }, reporter),
  );
  const { start } = config;
  const before = !resumed && start ? await classNamesOf(fsStorage(start.run), start.images) : undefined;
  const plain =
    split && (await asUsage(() => encoded?.plain(split.heldOut) ?? plainStreamOf(split.heldOut, config)));
  const renamed = renamedClasses(before, stream.classes, start?.run ?? "");
  if (renamed && parts.denoiser.classes !== undefined) reporter.say(renamed);
  return {
    config,
    folder,
    backend,
    parts,
    images,
    stream,
    ...(encoded ? { latents: encoded.latents } : {}),
    ...(split && plain ? { heldOut: { dataset: split.heldOut, stream: plain } } : {}),
    first,
    resumed,
    found,
  };
}

/** Encodes the images, once it is known that the network takes their latents. */
async function encodedFor(
  source: LatentSource,
  images: RunImages,
  pixels: ImageStream,
  given: Parameters<typeof encodeTraining>[2],
): Promise<EncodedTraining> {
  const { factor, latentChannels } = source.autoencoder;
  const [height, width] = pixels.shape;
  const shape = [height / factor, width / factor, latentChannels] as const;
  if (shape.every(Number.isInteger))
    checkData(await buildRun(await fitRun(source.config, shape)), { ...pixels, shape });
  return encodeTraining(source, images, given);
}

/** The stream of latents, which ends with the images that they are of. */
function closing(stream: ImageStream, pixels: ImageStream): ImageStream {
  return {
    ...stream,
    async close() {
      await stream.close?.();
      await pixels.close?.();
    },
  };
}

/** The configuration of the run that resumes, or of the one that it begins from. */
async function likeOf({ start }: RunConfig, folder: RunFolder): Promise<RunConfig | undefined> {
  const own = (await isRun(folder.storage)) || !start;
  const like = own ? folder.storage : fsStorage(start.run);
  return (await isRun(like)) ? readRunConfig(like) : undefined;
}
