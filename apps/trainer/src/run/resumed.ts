import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fail, type ImageStream } from "@ddpm/core";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { loadCheckpoint, readLog } from "@ddpm/runs";
import type { TrainState } from "@ddpm/trainer";
import { formatCount } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";
import { classNamesIn, renamedClasses } from "./class-names.ts";
import type { FoundRun, RunFolder } from "./folder.ts";
import { rescuesOf, slowed } from "./rescue.ts";
import { sameImages } from "./same-run.ts";

/** What a training is about to resume with. */
export interface Resuming {
  readonly folder: RunFolder;
  readonly found: FoundRun;
  readonly config: RunConfig;
  readonly parts: RunParts;
  /** The images are decoded from pictures, which browsers do in another way. */
  readonly decodes: boolean;
  readonly stream: ImageStream;
}

/**
 * The state of the newest good checkpoint; undefined for a run that begins, or that was stopped before its first checkpoint.
 * Reports what is surprising: other images, a learning rate that jumps, nothing left to train.
 *
 * @throws DdpmError where checkpoints were saved and are gone, or the images are others
 */
export async function resumedState(resuming: Resuming, reporter: Reporter): Promise<TrainState | undefined> {
  const { folder, found, parts, decodes, stream } = resuming;
  if (!found.begun && found.newest === undefined) return undefined;
  if (found.newest === undefined) {
    await checkNoneSaved(resuming);
    reporter.say(`${folder.path} was stopped before its first checkpoint: it starts again from 0 images.`);
    return undefined;
  }
  const { state, meta, warnings } = await loadCheckpoint(folder.storage);
  for (const warning of warnings) reporter.say(`warning: ${warning}`);
  const same = sameImages(meta, { ...stream, decodes });
  if (same === "alike") {
    reporter.say(
      "warning: the run was trained in a browser, which decodes and scales pictures in its own way. There are as many here, of one size with those; whether they are the same cannot be told.",
    );
  } else if (same === "others") {
    fail(
      "train",
      `the images are not those that ${folder.path} was begun with.`,
      "Give the same --data, or begin another run with --out.",
    );
  }
  const renamed = renamedClasses(classNamesIn(meta), stream.classes, folder.path);
  if (renamed && parts.denoiser.classes !== undefined) reporter.say(renamed);
  await reportLength(
    resuming,
    state,
    (meta.config as Partial<RunConfig> | undefined)?.train?.images,
    reporter,
  );
  return state;
}

/** Refuses to start again from 0 where the folder shows that checkpoints were saved. */
async function checkNoneSaved({ folder, config }: Resuming): Promise<void> {
  const checkpoints = join(folder.path, "checkpoints");
  const { batch } = config.train;
  const rescue = (await rescuesOf(folder)).at(-1);
  const seen = (await readLog(folder.storage)).at(-1)?.images ?? 0;
  const firstSaved = Math.ceil(config.every.checkpoint / batch) * batch;
  const known = rescue?.from === 0 ? Math.max(rescue.diverged, firstSaved) : firstSaved;
  const leftovers = existsSync(checkpoints) && (readdirSync(checkpoints).length === 0 || rescue?.from === 0);
  if (leftovers && seen <= known && !existsSync(folder.finalGrid)) return;
  fail(
    "train",
    `${folder.path} was trained${seen > 0 ? ` (its log goes to ${formatCount(seen)} images)` : ""}, and its checkpoints are gone: ${checkpoints} holds none.`,
    "Put them back to resume. To train it again from 0 images, delete the folder, or give another one with --out.",
  );
}

/** What another number of images than before means for a run that resumes. */
async function reportLength(
  { folder, config, parts, stream }: Resuming,
  { images, step }: TrainState,
  before: number | undefined,
  reporter: Reporter,
): Promise<void> {
  const { images: until, batch } = config.train;
  if (images >= until) {
    const more = `--images ${formatCount(2 * until).replaceAll(",", "")}`;
    reporter.say(
      `Nothing is left to train: ${formatCount(images)} images seen of ${formatCount(until)}. To train further: ${more}`,
    );
    return;
  }
  if (before === undefined || before === until) return;
  const rate = slowed(parts.learningRate, await rescuesOf(folder));
  const at = (of: number): number =>
    rate.at({ update: step + 1, images, batch, until: of, epoch: stream.length });
  const [old, now] = [at(before), at(until)];
  if (Math.abs(now - old) <= JUMP * Math.max(now, old)) return;
  reporter.say(
    `warning: the learning rate changes here from ${old.toPrecision(2)} to ${now.toPrecision(2)}: ${rate.name} follows the length of the training, which was ${formatCount(before)} images and is ${formatCount(until)} now. For a rate of your own, begin another run from these weights: ddpm train --from ${folder.path} --set train.learningRate=…`,
  );
}

/** Relative change of the learning rate that is reported. */
const JUMP = 0.01;
