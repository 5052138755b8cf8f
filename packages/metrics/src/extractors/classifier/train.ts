import { type Dataset, disposeParams, type Images, type Params, type Random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { imagesOf } from "../../images.ts";
import { type CompileStep, interpreted, type Tensors } from "../compile-step.ts";
import { quantised } from "../quantised.ts";
import { classify } from "./network.ts";
import { shifted } from "./shifted.ts";

/** How a classifier is trained. */
export interface ClassifierTraining {
  /** Images that it learns from, by number in the data set. */
  readonly indices: Uint32Array;
  /** Images seen, in whole updates. */
  readonly images: number;
  /** Images per update. */
  readonly batch: number;
  /** Adam's rate at its highest: it rises over the first twentieth and falls to 0 along half a cosine. */
  readonly rate: number;
  /** Farthest that an image is moved, as a share of its sides. */
  readonly shift: number;
  readonly random: Random;
  readonly compile?: CompileStep | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
/** Share of the updates until the rate is at its highest. */
const WARMUP = 1 / 20;

/**
 * Cross-entropy by Adam on images moved at random; the same data set, seed and backend give the same bits.
 *
 * Source: Kingma and Ba 2015, algorithm 1.
 *
 * @param start initial weights, disposed here
 * @returns the trained weights, the caller's
 */
export async function trainClassifier(
  start: Params,
  dataset: Dataset,
  training: ClassifierTraining,
): Promise<Params> {
  const { images, batch, rate, shift, random, compile = interpreted, onProgress, signal } = training;
  const names = Object.keys(start);
  const classes = start["classes.bias"]!.size;
  const updates = Math.max(1, Math.round(images / batch));
  const step = compile((inputs) => updated(names, inputs));
  let state = startOf(names, start);
  try {
    for (let done = 0; done < updates; done++) {
      signal?.throwIfAborted();
      const seen = await imagesOf(dataset, picked(training, done));
      const pixels = quantised(shifted(seen, shift, random.fork("shift").fork(done)));
      const course = Math.min(
        1,
        (done + 1) / (WARMUP * updates),
        0.5 * (1 + Math.cos((Math.PI * done) / updates)),
      );
      const corrected = Math.sqrt(1 - BETA2 ** (done + 1)) / (1 - BETA1 ** (done + 1));
      const given = inputsOf(pixels, seen, classes, rate * course * corrected);
      const next = step({ ...state, ...given });
      tf.dispose(given);
      disposeParams(state);
      state = next;
      onProgress?.((done + 1) / updates);
      // Lets the page or the process answer between updates.
      if (done % 8 === 7) await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    step.dispose?.();
  }
  disposeParams(under("m", names, state));
  disposeParams(under("v", names, state));
  return under("w", names, state);
}

/** Image numbers of an update: every epoch in an order of its own. */
function picked({ indices, batch, random }: ClassifierTraining, update: number): number[] {
  const perEpoch = Math.floor(indices.length / batch);
  const order = random.fork(Math.floor(update / perEpoch)).permutation(indices.length);
  const from = (update % perEpoch) * batch;
  return Array.from(order.subarray(from, from + batch), (i) => indices[i]!);
}

function inputsOf(pixels: Float32Array, { shape, labels }: Images, classes: number, size: number): Tensors {
  return tf.tidy(() => ({
    x: tf.tensor4d(pixels, [...shape]),
    y: tf.oneHot(tf.tensor1d(labels!, "int32"), classes, 1, 0, "float32"),
    size: tf.scalar(size),
  }));
}

/** Weights `w`, and Adam's moments `m` and `v`, by kind and name. */
function startOf(names: readonly string[], start: Params): Params {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`w ${name}`, start[name]!],
      [`m ${name}`, tf.zerosLike(start[name]!)],
      [`v ${name}`, tf.zerosLike(start[name]!)],
    ]),
  );
}

function under(kind: string, names: readonly string[], state: Tensors): Params {
  return Object.fromEntries(names.map((name) => [name, state[`${kind} ${name}`]!]));
}

/** One update, pure. */
function updated(names: readonly string[], inputs: Tensors): Tensors {
  const { x, y, size } = inputs;
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const params = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const { logits } = classify(params, x as tf.Tensor4D);
    return tf.neg(tf.mean(tf.sum(tf.mul(y!, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  };
  const grads = tf.grads(loss)(names.map((name) => inputs[`w ${name}`]!));
  const next: Record<string, tf.Tensor> = {};
  for (const [i, name] of names.entries()) {
    const gradient = grads[i]!;
    const m = tf.add(tf.mul(inputs[`m ${name}`]!, BETA1), tf.mul(gradient, 1 - BETA1));
    const v = tf.add(tf.mul(inputs[`v ${name}`]!, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
    const change = tf.mul(tf.div(m, tf.add(tf.sqrt(v), EPSILON)), size!);
    Object.assign(next, {
      [`w ${name}`]: tf.sub(inputs[`w ${name}`]!, change),
      [`m ${name}`]: m,
      [`v ${name}`]: v,
    });
  }
  return next;
}
