import {
  type CompileStep,
  type Denoiser,
  fail,
  INFERENCE,
  type NoiseSchedule,
  type Parameterization,
  type Params,
  random,
} from "@ddpm/core";
import { conditionOf, type Samples, sizeOf } from "@ddpm/core/authoring";
import { disposeTree, interpret } from "@ddpm/core/step";
import * as tf from "@tensorflow/tfjs-core";
import { diffuse, tensorColumns } from "../process/diffuse.ts";
import { meanPerSample, perSample } from "../process/per-sample.ts";
import { type LossInputs, objectiveTarget } from "./batch-loss.ts";
import { lossColumns } from "./loss-columns.ts";
import { networkOutput } from "./network-output.ts";
import { boundColumns, boundTerms, type VarianceKind } from "./variational-bound.ts";
import { weights } from "./weights/index.ts";

/** Pairs of image and time per network call. */
const BATCH = 64;

/** One image at one noise level. */
export interface ImageAtTime {
  /** Number of the image. */
  readonly image: number;
  /** In (0, 1]; the time of a whole step where the schedule has steps. */
  readonly time: number;
}

/** Errors of a network, one number per image and time. */
export interface PredictionErrors {
  /** Mean squared error of the noise prediction, whatever the network predicts. */
  readonly eps: Float64Array;
  /** Term of the variational bound in bits per dimension; NaN where the schedule has no steps. */
  readonly bits: Float64Array;
}

/** A network and the images that it is evaluated on. */
export interface HeldOutErrorsOptions {
  readonly parts: {
    readonly denoiser: Denoiser;
    readonly parameterization: Parameterization;
    readonly schedule: NoiseSchedule;
  };
  readonly params: Params;
  /** [N, …, C] in the range of the training images, with labels and tokens where the network takes them. */
  readonly images: Samples;
  /** Variance of the reverse process. */
  readonly variance: VarianceKind;
  /** Whether x̂_0 is clipped to [−1, 1] for the bound, as in sampling. */
  readonly clip: boolean;
  /** Noise follows from it, the number of the image and the time: the same for every network. */
  readonly seed: number;
  readonly compile?: CompileStep | undefined;
}

/**
 * Errors of a network on images at given noise levels.
 *
 * Source: Ho et al. 2020, eq. 12 and 14; Salimans and Ho 2022, section 4, for errors of the noise prediction of any target.
 *
 * @throws DdpmError for a network that takes labels or tokens where the images have none
 */
export async function heldOutErrors(
  options: HeldOutErrorsOptions,
  draws: readonly ImageAtTime[],
): Promise<PredictionErrors> {
  const { params, compile = interpret } = options;
  const step = compile(errorStep(options));
  const eps = new Float64Array(draws.length);
  const bits = new Float64Array(draws.length).fill(Number.NaN);
  try {
    for (let first = 0; first < draws.length; first += BATCH) {
      const own = draws.slice(first, first + BATCH);
      // Steps are recorded for one shape: the last batch is filled up.
      const filled = Array.from({ length: BATCH }, (_, k) => own[k] ?? own[0]!);
      const batch = batchOf(options, filled);
      const errors = step({ params, batch });
      disposeTree(batch);
      eps.set((await errors.eps.data()).slice(0, own.length), first);
      if (errors.bits) bits.set((await errors.bits.data()).slice(0, own.length), first);
      disposeTree(errors);
    }
  } finally {
    step.dispose?.();
  }
  return { eps, bits };
}

/** The network call and its errors, pure: [B] each. */
function errorStep({ parts: { denoiser, schedule }, variance: kind, clip }: HeldOutErrorsOptions) {
  return ({ params, batch }: { readonly params: Params; readonly batch: LossInputs }) => {
    const { x0, out, bound } = batch;
    const x = diffuse(x0, batch.eps, batch.alpha, batch.sigma);
    const { f, variance } = networkOutput(denoiser, params, x, batch, conditionOf(batch), INFERENCE);
    const error = tf.sub(objectiveTarget(batch), f);
    const square = meanPerSample(tf.square(error));
    const errors: { eps: tf.Tensor; bits?: tf.Tensor } = { eps: tf.mul(square, batch.weight) };
    if (schedule.steps === undefined || !bound) return errors;
    const difference = tf.mul(perSample(out, x0), error);
    const distance = clip ? tf.minimum(tf.maximum(difference, tf.sub(x0, 1)), tf.add(x0, 1)) : difference;
    const raw = variance ? { variance } : {};
    return { ...errors, bits: boundTerms(kind, { x0, distance, ...raw, ...bound }) };
  };
}

function batchOf(options: HeldOutErrorsOptions, draws: readonly ImageAtTime[]): LossInputs {
  const { parts, images, variance, seed } = options;
  const { schedule, parameterization, denoiser } = parts;
  const [, ...side] = images.shape;
  const size = sizeOf(side);
  const noise = random(seed).fork("eval/held-out");
  const [x0, eps] = [new Float32Array(draws.length * size), new Float32Array(draws.length * size)];
  for (const [k, { image, time }] of draws.entries()) {
    x0.set(images.data.subarray(image * size, (image + 1) * size), k * size);
    eps.set(noise.fork(image).fork(String(time)).normals(size), k * size);
  }
  const times = draws.map(({ time }) => time);
  const columns = lossColumns(times, { schedule, parameterization, weight: weights.create("snr") });
  const [labels, tokens] = [labelsOf(denoiser, images, draws), tokensOf(denoiser, images, draws)];
  return {
    x0: tf.tensor(x0, [draws.length, ...side]),
    eps: tf.tensor(eps, [draws.length, ...side]),
    ...tensorColumns(columns),
    ...(labels ? { labels: tf.tensor1d(labels, "int32") } : {}),
    ...(tokens ? { tokens } : {}),
    ...(schedule.steps === undefined
      ? {}
      : { bound: tensorColumns(boundColumns(times, schedule, variance)) }),
  };
}

function labelsOf(
  { classes, name }: Denoiser,
  { labels }: Samples,
  draws: readonly ImageAtTime[],
): Int32Array | undefined {
  if (!classes) return undefined;
  const known =
    labels ?? fail("diffusion/held-out-errors", `${name} takes labels, but the held-out images have none.`);
  return Int32Array.from(draws, ({ image }) => known[image]!);
}

/** The rows of the images' captions, [B, L]. */
function tokensOf(
  { tokens: empty, name }: Denoiser,
  { tokens }: Samples,
  draws: readonly ImageAtTime[],
): tf.Tensor2D | undefined {
  if (!empty) return undefined;
  const known =
    tokens ?? fail("diffusion/held-out-errors", `${name} reads captions, but the held-out images have none.`);
  const rows = draws.map(({ image }) => [
    ...known.subarray(image * empty.length, (image + 1) * empty.length),
  ]);
  return tf.tensor2d(rows, [draws.length, empty.length], "int32");
}
