import type { ImageStream } from "@ddpm/core";
import { formatCount } from "@ddpm/core/authoring";
import type { RunConfig, RunParts } from "@ddpm/runs";
import {
  classNamesIn,
  type FoundRun,
  rateAfter,
  readRecoveries,
  renamedClasses,
  resumeRun,
} from "@ddpm/runs/authoring";
import type { TrainState } from "@ddpm/trainer";
import type { Reporter } from "../output/reporter.ts";
import type { RunFolder } from "./folder.ts";

/** What a training is about to resume with. */
export interface Resuming {
  readonly folder: RunFolder;
  readonly found: FoundRun;
  readonly config: RunConfig;
  readonly parts: RunParts;
  /** The images are decoded from image files, which browsers do in another way. */
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
  const { folder, found, config, parts, decodes, stream } = resuming;
  if (!found.begun && found.newest === undefined) return undefined;
  const resumed = await resumeRun(folder.storage, config, { ...stream, decodes });
  if (!resumed) {
    reporter.say(`${folder.path} was stopped before its first checkpoint: it starts again from 0 images.`);
    return undefined;
  }
  const { state, meta, imagesUnverified, warnings } = resumed;
  for (const warning of warnings) reporter.say(`warning: ${warning}`);
  if (imagesUnverified) {
    reporter.say(
      "warning: the run was trained in a browser, which decodes and resizes images in its own way. Their number and size agree with those here; whether they are the same is not known.",
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
  const rate = rateAfter(await readRecoveries(folder.storage), parts.learningRate);
  const at = (of: number): number =>
    rate.at({ update: step + 1, images, batch, until: of, epoch: stream.length });
  const [old, now] = [at(before), at(until)];
  if (Math.abs(now - old) <= JUMP * Math.max(now, old)) return;
  reporter.say(
    `warning: the learning rate changes here from ${old.toPrecision(2)} to ${now.toPrecision(2)}: ${rate.name} follows the length of the training, which was ${formatCount(before)} images and is ${formatCount(until)} now. For another learning rate, begin another run from these weights: ddpm train --from ${folder.path} --set train.learningRate=…`,
  );
}

/** Relative change of the learning rate that is reported. */
const JUMP = 0.01;
