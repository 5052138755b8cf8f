import { type CompileStep, fail, type ImageStream, momentAt, random } from "@ddpm/core";
import { samplingLoop } from "@ddpm/diffusion";
import { checkOptions } from "@ddpm/trainer/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { RunConfig } from "../config/schema.ts";
import type { RunParts } from "./parts.ts";
import { trainingLoopOptions } from "./training-loop-options.ts";

/**
 * Refuses, before anything is written or trained, what would be refused later: options of the training that do not fit together,
 * and samples that cannot be drawn.
 *
 * @throws DdpmError naming the setting
 */
export async function checkTraining(
  config: RunConfig,
  parts: RunParts,
  images: ImageStream,
  compile?: CompileStep,
): Promise<void> {
  checkOptions(trainingLoopOptions(config, { parts, images, compile }));
  await checkDrawing(config, parts);
}

/**
 * Refuses settings of the held-out loss without effect, or with which it or the chosen metric cannot be measured.
 *
 * @throws DdpmError naming the setting
 */
export async function checkHeldOut(config: RunConfig, parts: RunParts): Promise<void> {
  const { heldOut, every, train } = config;
  if (!heldOut) {
    if (every.heldOut === undefined) return;
    fail(
      "runs/config",
      "every.heldOut is when to measure the held-out loss, and no images are held out.",
      "Set heldOut.amount, e.g. to 0.02.",
    );
  }
  const { pairs, buckets, weights } = heldOut;
  if (weights === "ema" && train.ema === null) {
    fail(
      "runs/config",
      "heldOut.weights is ema, and no weights are averaged.",
      "Leave it out, or set train.ema.",
    );
  }
  await checkMetric(config, parts);
  if (pairs % buckets === 0) return;
  const fitting = Math.max(1, Math.round(pairs / buckets)) * buckets;
  fail(
    "runs/config",
    `heldOut.pairs is ${pairs}, which does not divide into ${buckets} parts of the noise levels (heldOut.buckets).`,
    `For example \`heldOut.pairs=${fitting}\`.`,
  );
}

/** Evaluates the metric on a network without errors: settings with which it cannot be measured are refused there. */
async function checkMetric(
  { data: { range }, seed }: RunConfig,
  { metric, schedule }: RunParts,
): Promise<void> {
  const more = (metric!.needs as readonly string[]).filter((need) => need !== "heldOut");
  if (more.length > 0) {
    fail(
      "runs/config",
      `heldOut.metric is ${metric!.name}, which needs ${more.join(", ")} in addition to held-out images.`,
    );
  }
  const count = 16;
  const zeros = (length: number): Float64Array => new Float64Array(length);
  const { estimate, note } = await metric!.compute({
    heldOut: {
      ...{ count, steps: schedule.steps, range, seed },
      fingerprints: { eps: "", bits: "", objective: "" },
      errors: async ({ length }) => ({ eps: zeros(length), bits: zeros(length) }),
      prior: async () => zeros(count),
      objective: async () => ({ loss: 0, standardError: 0, buckets: [0], count }),
    },
  });
  if (estimate) return;
  fail(
    "runs/config",
    `heldOut.metric is ${metric!.name}. ${note}`,
    "Leave it out, or choose another metric.",
  );
}

/**
 * Takes the first step of the run's sampler, with a prediction of zeros: whatever it cannot start from, it refuses there.
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
