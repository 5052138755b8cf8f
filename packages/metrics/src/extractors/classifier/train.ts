import { type CompileStep, type Dataset, type Images, mapParams, type Params, type Random } from "@ddpm/core";
import { disposeTree, interpret } from "@ddpm/core/step";
import * as tf from "@tensorflow/tfjs-core";
import { imagesOf } from "../../images/batches.ts";
import { quantise } from "../../images/quantise.ts";
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

/** The weights and Adam's moments, by name. */
interface State {
  readonly params: Params;
  readonly m: Params;
  readonly v: Params;
}

/** The images of an update. */
interface Batch {
  /** [B, H, W, C] */
  readonly x: tf.Tensor4D;
  /** One-hot classes, [B, N]. */
  readonly y: tf.Tensor;
  /** Adam's step size with its bias corrections, []. */
  readonly size: tf.Scalar;
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
  const { images, batch, rate, shift, random, compile = interpret, onProgress, signal } = training;
  const classes = start["classes.bias"]!.size;
  const updates = Math.max(1, Math.round(images / batch));
  const step = compile(updated);
  let state: State = { params: start, m: zeros(start), v: zeros(start) };
  try {
    for (let done = 0; done < updates; done++) {
      signal?.throwIfAborted();
      const seen = await imagesOf(dataset, picked(training, done));
      const pixels = quantise(shifted(seen, shift, random.fork("shift").fork(done)));
      const course = Math.min(
        1,
        (done + 1) / (WARMUP * updates),
        0.5 * (1 + Math.cos((Math.PI * done) / updates)),
      );
      const corrected = Math.sqrt(1 - BETA2 ** (done + 1)) / (1 - BETA1 ** (done + 1));
      const given = batchOf(pixels, seen, classes, rate * course * corrected);
      const next = step({ state, batch: given });
      disposeTree({ state, given });
      state = next;
      onProgress?.((done + 1) / updates);
      // Lets the page or the process answer between updates.
      if (done % 8 === 7) await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    step.dispose?.();
  }
  disposeTree([state.m, state.v]);
  return state.params;
}

/** Image numbers of an update: every epoch in an order of its own. */
function picked({ indices, batch, random }: ClassifierTraining, update: number): number[] {
  const perEpoch = Math.floor(indices.length / batch);
  const order = random.fork(Math.floor(update / perEpoch)).permutation(indices.length);
  const from = (update % perEpoch) * batch;
  return Array.from(order.subarray(from, from + batch), (i) => indices[i]!);
}

function zeros(params: Params): Params {
  return mapParams(params, (value) => tf.zerosLike(value));
}

function batchOf(pixels: Float32Array, { shape, labels }: Images, classes: number, size: number): Batch {
  return {
    x: tf.tensor4d(pixels, [...shape]),
    y: tf.tidy(() => tf.oneHot(tf.tensor1d(labels!, "int32"), classes, 1, 0, "float32")),
    size: tf.scalar(size),
  };
}

/** One update, pure. */
function updated({ state, batch }: { readonly state: State; readonly batch: Batch }): State {
  const names = Object.keys(state.params);
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const params = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const { logits } = classify(params, batch.x);
    return tf.neg(tf.mean(tf.sum(tf.mul(batch.y, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  };
  const grads = tf.grads(loss)(names.map((name) => state.params[name]!));
  const params: Record<string, tf.Tensor> = {};
  const m: Record<string, tf.Tensor> = {};
  const v: Record<string, tf.Tensor> = {};
  for (const [i, name] of names.entries()) {
    const gradient = grads[i]!;
    m[name] = tf.add(tf.mul(state.m[name]!, BETA1), tf.mul(gradient, 1 - BETA1));
    v[name] = tf.add(tf.mul(state.v[name]!, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
    const change = tf.mul(tf.div(m[name], tf.add(tf.sqrt(v[name]), EPSILON)), batch.size);
    params[name] = tf.sub(state.params[name]!, change);
  }
  return { params, m, v };
}
