import type { ChosenBackend } from "@ddpm/backends";
import { fail, type ImageStream, momentAt, random } from "@ddpm/core";
import { samplingLoop } from "@ddpm/diffusion";
import { type RunConfig, type RunParts, trainingLoopOptions } from "@ddpm/runs";
import { checkOptions } from "@ddpm/trainer";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Refuses, before anything is written or learned, what would be refused on the way: options of the training that do not fit
 * together, and samples that cannot be drawn.
 *
 * @throws DdpmError naming the setting
 */
export async function checkTraining(
  config: RunConfig,
  parts: RunParts,
  images: ImageStream,
  backend: ChosenBackend,
): Promise<void> {
  checkOptions(trainingLoopOptions(config, { parts, images, compile: backend.compile }));
  await checkDrawing(config, parts);
}

/**
 * Refuses settings of the held-out loss that say nothing, or that it cannot be measured with.
 *
 * @throws DdpmError naming the setting
 */
export function checkHeldOut({ heldOut, every, train }: RunConfig): void {
  if (!heldOut) {
    if (every.heldOut === undefined) return;
    fail(
      "config",
      "every.heldOut says when to measure the held-out loss, and nothing is held out.",
      "Set heldOut.amount, 0.02 say.",
    );
  }
  const { pairs, buckets, metric } = heldOut;
  if (metric === "heldOutLossRaw" && train.ema === null) {
    fail(
      "config",
      "heldOut.metric is heldOutLossRaw, beside which nothing is averaged.",
      "Leave it out: without train.ema, heldOutLoss is of the weights as trained.",
    );
  }
  if (pairs % buckets === 0) return;
  const least = Math.max(1, Math.round(pairs / buckets)) * buckets;
  fail(
    "config",
    `heldOut.pairs is ${pairs}, which does not divide into ${buckets} parts of the noise levels (heldOut.buckets).`,
    `For example --set heldOut.pairs=${least}.`,
  );
}

/**
 * Takes the first step of the run's sampler, with a guess of nothing: what it cannot begin with it says there.
 *
 * @throws DdpmError for a sampler, a spacing or a target that the schedule does not go with
 */
export async function checkDrawing(
  { sample: { steps } }: Pick<RunConfig, "sample">,
  { parameterization, sampler, schedule, spacing }: RunParts,
): Promise<void> {
  const times = spacing.times(steps, schedule);
  parameterization.at(momentAt(schedule, times[0]!), schedule);
  const frames = samplingLoop({
    ...{ denoise: (x) => ({ x0: tf.zerosLike(x) }), schedule, sampler, times },
    ...{ shape: [1, 1, 1, 1], random: random(0) },
  });
  for await (const { x, done } of frames) {
    if (done) x.dispose();
    break;
  }
}
