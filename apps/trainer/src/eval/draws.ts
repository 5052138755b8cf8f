import { fail, type Images, INFERENCE, type Params, random, stepOfTime } from "@ddpm/core";
import {
  boundColumnNames,
  boundColumns,
  boundTerms,
  diffuse,
  lossColumnNames,
  lossColumns,
  type VarianceKind,
  weights,
} from "@ddpm/diffusion";
import { type CompileStep, interpret, type StepFunction } from "@ddpm/trainer";
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
  const names = Object.keys(params);
  const step = compile(stepOf(judge, names));
  const eps = new Float64Array(draws.length);
  const bits = new Float64Array(draws.length).fill(Number.NaN);
  try {
    for (let first = 0; first < draws.length; first += BATCH) {
      const own = draws.slice(first, first + BATCH);
      // Steps are recorded for one shape: the last batch is filled up.
      const filled = Array.from({ length: BATCH }, (_, k) => own[k] ?? own[0]!);
      const inputs = inputsOf(judge, filled);
      const found = step({ ...inputs, ...prefixed(params) });
      tf.dispose(inputs);
      eps.set((await found.eps!.data()).slice(0, own.length), first);
      if (found.bits) bits.set((await found.bits.data()).slice(0, own.length), first);
      tf.dispose({ ...found });
    }
  } finally {
    step.dispose?.();
  }
  return { eps, bits };

  function prefixed(all: Params): Params {
    return Object.fromEntries(names.map((name) => [`params ${name}`, all[name]!]));
  }
}

/** The network call and what is made of it, pure. */
function stepOf(
  { parts: { denoiser, schedule }, variance: kind, clip }: DrawJudge,
  names: readonly string[],
): StepFunction {
  return (inputs) => {
    const x0 = inputs.x0 as tf.Tensor4D;
    const [batch, height, width, channels] = x0.shape;
    const column = (name: string): tf.Tensor => tf.reshape(inputs[name]!, [batch, 1, 1, 1]);
    const x = diffuse(
      x0,
      inputs.eps as tf.Tensor4D,
      inputs.alpha as tf.Tensor1D,
      inputs.sigma as tf.Tensor1D,
    );
    const params = Object.fromEntries(names.map((name) => [name, inputs[`params ${name}`]!]));
    const told = inputs.labels ? { labels: inputs.labels as tf.Tensor1D } : {};
    const scaled = tf.mul(x, column("in")) as tf.Tensor4D;
    const output = denoiser.apply(params, scaled, inputs.noise as tf.Tensor1D, told, INFERENCE);
    const half = (from: number): tf.Tensor4D =>
      tf.slice(output, [0, 0, 0, from], [batch, height, width, channels]);
    const f = denoiser.learnsVariance ? half(0) : output;
    const target = tf.add(tf.mul(column("targetX0"), x0), tf.mul(column("targetEps"), inputs.eps!));
    const error = tf.sub(target, f);
    const square = tf.mean(tf.reshape(tf.square(error), [batch, -1]), 1);
    const found = { eps: tf.mul(square, inputs.weight!) };
    if (schedule.steps === undefined) return found;
    const off = tf.mul(column("out"), error);
    const distance = (clip ? tf.minimum(tf.maximum(off, tf.sub(x0, 1)), tf.add(x0, 1)) : off) as tf.Tensor4D;
    const columns = Object.fromEntries(
      boundColumnNames.map((name) => [name, inputs[`bound ${name}`] as tf.Tensor1D]),
    ) as Record<(typeof boundColumnNames)[number], tf.Tensor1D>;
    const variance = denoiser.learnsVariance ? { variance: half(channels) } : {};
    return { ...found, bits: boundTerms(kind, { x0, distance, ...variance, ...columns }) };
  };
}

function inputsOf(judge: DrawJudge, draws: readonly HeldOutDraw[]): Record<string, tf.Tensor> {
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
  const inputs: Record<string, tf.Tensor> = {
    x0: tf.tensor4d(x0, [draws.length, ...side]),
    eps: tf.tensor4d(eps, [draws.length, ...side]),
    ...Object.fromEntries(lossColumnNames.map((name) => [name, tf.tensor1d(columns[name])])),
  };
  if (denoiser.classes) {
    const labels =
      images.labels ?? fail("eval", `${denoiser.name} takes labels, but the held-out images have none.`);
    inputs.labels = tf.tensor1d(
      Int32Array.from(draws, ({ image }) => labels[image]!),
      "int32",
    );
  }
  if (schedule.steps === undefined) return inputs;
  const bound = boundColumns(times, schedule, variance);
  for (const name of boundColumnNames) inputs[`bound ${name}`] = tf.tensor1d(bound[name]);
  return inputs;
}

/** The time of a chain's step nearest above t; t itself where there is no chain. */
export function wholeStep(t: number, steps: number | undefined): number {
  if (steps === undefined) return t;
  return (Math.max(0, Math.ceil(stepOfTime(t, steps))) + 1) / steps;
}
