import { type CompileStep, fail, type Images, INFERENCE, type Params, random, stepOfTime } from "@ddpm/core";
import { disposeTree, interpret } from "@ddpm/core/step";
import { diffuse, weights } from "@ddpm/diffusion";
import {
  boundColumns,
  boundTerms,
  conditionOf,
  type LossInputs,
  lossColumns,
  networkOutput,
  objectiveTarget,
  perImage,
  tensorColumns,
  type VarianceKind,
} from "@ddpm/diffusion/authoring";
import * as tf from "@tensorflow/tfjs";
import type { BuiltRun } from "../run/build.ts";

/** Draws that the network sees at a time. */
const BATCH = 64;

/** An image at one noise level. */
export interface HeldOutDraw {
  /** Number among the images. */
  readonly image: number;
  /** In (0, 1]; of a chain the time of a whole step. */
  readonly time: number;
}

/** What a network makes of draws, one number each. */
export interface DrawErrors {
  /** Mean squared error of the noise guess, whatever the network returns. */
  readonly eps: Float64Array;
  /** Term of the variational bound in bits per dimension, NaN where there is no chain of steps. */
  readonly bits: Float64Array;
}

/** The network that is judged. */
export interface DrawJudge {
  readonly parts: Pick<BuiltRun, "denoiser" | "parameterization" | "schedule">;
  readonly params: Params;
  /** [N, H, W, C] in the range of the run, with labels where the network takes them. */
  readonly images: Images;
  /** Variance of the reverse process. */
  readonly variance: VarianceKind;
  /** Whether the guess of x_0 is held in [−1, 1] for the bound, as it is in sampling. */
  readonly clip: boolean;
  readonly seed: number;
  readonly compile?: CompileStep | undefined;
}

/**
 * Shows images to a network at given noise levels. The noise follows from the seed, the number of the image and its time,
 * so every network sees the same.
 *
 * Source: Ho et al. 2020, eq. 12 and 14; Salimans and Ho 2022, section 4, for errors of the noise guess of any target.
 *
 * @throws DdpmError for a network that takes labels where the images have none
 */
export async function errorsOf(judge: DrawJudge, draws: readonly HeldOutDraw[]): Promise<DrawErrors> {
  const { params, compile = interpret } = judge;
  const step = compile(stepOf(judge));
  const eps = new Float64Array(draws.length);
  const bits = new Float64Array(draws.length).fill(Number.NaN);
  try {
    for (let first = 0; first < draws.length; first += BATCH) {
      const own = draws.slice(first, first + BATCH);
      // Steps are recorded for one shape: the last batch is filled up.
      const filled = Array.from({ length: BATCH }, (_, k) => own[k] ?? own[0]!);
      const batch = batchOf(judge, filled);
      const found = step({ params, batch });
      disposeTree(batch);
      eps.set((await found.eps.data()).slice(0, own.length), first);
      if (found.bits) bits.set((await found.bits.data()).slice(0, own.length), first);
      disposeTree(found);
    }
  } finally {
    step.dispose?.();
  }
  return { eps, bits };
}

/** The network call and its errors, pure: [B] each. */
function stepOf({ parts: { denoiser, schedule }, variance: kind, clip }: DrawJudge) {
  return ({ params, batch }: { readonly params: Params; readonly batch: LossInputs }) => {
    const { x0, out, bound } = batch;
    const x = diffuse(x0, batch.eps, batch.alpha, batch.sigma);
    const { f, variance } = networkOutput(denoiser, params, x, batch, conditionOf(batch), INFERENCE);
    const error = tf.sub(objectiveTarget(batch), f) as tf.Tensor4D;
    const square = tf.mean(tf.reshape(tf.square(error), [x0.shape[0], -1]), 1);
    const found: { eps: tf.Tensor; bits?: tf.Tensor } = { eps: tf.mul(square, batch.weight) };
    if (schedule.steps === undefined || !bound) return found;
    const off = tf.mul(perImage(out, x0), error) as tf.Tensor4D;
    const distance = (clip ? tf.minimum(tf.maximum(off, tf.sub(x0, 1)), tf.add(x0, 1)) : off) as tf.Tensor4D;
    const raw = variance ? { variance } : {};
    return { ...found, bits: boundTerms(kind, { x0, distance, ...raw, ...bound }) };
  };
}

function batchOf(judge: DrawJudge, draws: readonly HeldOutDraw[]): LossInputs {
  const { parts, images, variance, seed } = judge;
  const { schedule, parameterization, denoiser } = parts;
  const [, ...side] = images.shape;
  const size = side.reduce((product, each) => product * each, 1);
  const noise = random(seed).fork("eval/held-out");
  const [x0, eps] = [new Float32Array(draws.length * size), new Float32Array(draws.length * size)];
  for (const [k, { image, time }] of draws.entries()) {
    x0.set(images.data.subarray(image * size, (image + 1) * size), k * size);
    eps.set(noise.fork(image).fork(String(time)).normals(size), k * size);
  }
  const times = draws.map(({ time }) => time);
  const columns = lossColumns(times, { schedule, parameterization, weight: weights.create("snr") });
  const labels = labelsOf(denoiser, images, draws);
  return {
    x0: tf.tensor4d(x0, [draws.length, ...side]),
    eps: tf.tensor4d(eps, [draws.length, ...side]),
    ...tensorColumns(columns),
    ...(labels ? { labels: tf.tensor1d(labels, "int32") } : {}),
    ...(schedule.steps === undefined
      ? {}
      : { bound: tensorColumns(boundColumns(times, schedule, variance)) }),
  };
}

function labelsOf(
  { classes, name }: BuiltRun["denoiser"],
  { labels }: Images,
  draws: readonly HeldOutDraw[],
): Int32Array | undefined {
  if (!classes) return undefined;
  const known = labels ?? fail("eval", `${name} takes labels, but the held-out images have none.`);
  return Int32Array.from(draws, ({ image }) => known[image]!);
}

/** The time of a chain's step nearest above t; t itself where there is no chain. */
export function wholeStep(t: number, steps: number | undefined): number {
  if (steps === undefined) return t;
  return (Math.max(0, Math.ceil(stepOfTime(t, steps))) + 1) / steps;
}
