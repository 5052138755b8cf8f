import { type Dataset, disposeParams, type Params, type Random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { imagesOf } from "../../images.ts";
import { classify } from "./network.ts";

/** How a classifier is trained. */
export interface ClassifierTraining {
  /** Images that it learns from, by number in the data set. */
  readonly indices: Uint32Array;
  /** Passes over them. */
  readonly epochs: number;
  /** Images per update. */
  readonly batch: number;
  /** Adam's rate at its highest; it falls to 0 along half a cosine. */
  readonly rate: number;
  readonly random: Random;
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * Cross-entropy by Adam; the same data set, seed and backend give the same bits.
 *
 * Source: Kingma and Ba 2015, algorithm 1.
 *
 * @param start initial weights, disposed here
 * @returns the trained weights, the caller's
 */
export async function trainClassifier(
  start: Params,
  dataset: Dataset,
  { indices, epochs, batch, rate, random, onProgress, signal }: ClassifierTraining,
): Promise<Params> {
  const names = Object.keys(start);
  const zeros = (): Params => Object.fromEntries(names.map((name) => [name, tf.zerosLike(start[name]!)]));
  let state = { params: start, first: zeros(), second: zeros() };
  const perEpoch = Math.floor(indices.length / batch);
  const steps = epochs * perEpoch;
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const epoch = Math.floor(step / perEpoch);
    const order = random.fork(epoch).permutation(indices.length);
    const from = (step % perEpoch) * batch;
    const picked = Array.from(order.subarray(from, from + batch), (i) => indices[i]!);
    const { data, shape, labels } = await imagesOf(dataset, picked);
    const size = 0.5 * rate * (1 + Math.cos((Math.PI * step) / steps));
    const corrected = (size * Math.sqrt(1 - BETA2 ** (step + 1))) / (1 - BETA1 ** (step + 1));
    const next = tf.tidy(() => {
      const x = tf.tensor4d(data, [...shape]);
      const grads = gradients(state.params, x, labels!);
      return adam(state, grads, corrected);
    });
    for (const old of Object.values(state)) disposeParams(old);
    state = next;
    onProgress?.((step + 1) / steps);
    // Lets the page or the process answer between updates.
    if (step % 8 === 7) await new Promise((resolve) => setTimeout(resolve));
  }
  disposeParams(state.first);
  disposeParams(state.second);
  return state.params;
}

type State = { readonly params: Params; readonly first: Params; readonly second: Params };

function gradients(params: Params, x: tf.Tensor4D, labels: Int32Array): Params {
  const names = Object.keys(params);
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const { logits } = classify(Object.fromEntries(names.map((name, i) => [name, values[i]!])), x);
    const chosen = tf.oneHot(tf.tensor1d(labels, "int32"), logits.shape[1]);
    return tf.neg(tf.mean(tf.sum(tf.mul(chosen, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  };
  const values = tf.grads(loss)(names.map((name) => params[name]!));
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

function adam({ params, first, second }: State, grads: Params, size: number): State {
  const next = (change: (name: string) => tf.Tensor): Params =>
    Object.fromEntries(Object.keys(params).map((name) => [name, change(name)]));
  const m = next((name) => tf.add(tf.mul(first[name]!, BETA1), tf.mul(grads[name]!, 1 - BETA1)));
  const v = next((name) => tf.add(tf.mul(second[name]!, BETA2), tf.mul(tf.square(grads[name]!), 1 - BETA2)));
  return {
    params: next((name) =>
      tf.sub(params[name]!, tf.mul(tf.div(m[name]!, tf.add(tf.sqrt(v[name]!), EPSILON)), size)),
    ),
    first: m,
    second: v,
  };
}
