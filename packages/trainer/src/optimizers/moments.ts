import { mapParams, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { UpdateInput, UpdateOutput } from "../optimizer.ts";

/** `<what>/<weight>` → a zero tensor in the weight's shape, for each kind of state an optimiser keeps. */
export function zeroState(params: Params, kinds: readonly string[]): Params {
  const state: Record<string, tf.Tensor> = {};
  for (const what of kinds) {
    for (const [name, { shape }] of Object.entries(params)) state[`${what}/${name}`] = tf.zeros(shape);
  }
  return state;
}

/** What one weight becomes: its new value and its new state by kind. */
export interface Change {
  readonly param: tf.Tensor;
  readonly state: Readonly<Record<string, tf.Tensor>>;
}

/** Applies one rule to every weight; `kept(what)` is the weight's state of that kind. */
export function updateEach(
  { params, gradients, state }: UpdateInput,
  rule: (param: tf.Tensor, gradient: tf.Tensor, kept: (what: string) => tf.Tensor) => Change,
): UpdateOutput {
  const changed: Record<string, tf.Tensor> = {};
  const next = mapParams(params, (param, name) => {
    const change = rule(param, gradients[name]!, (what) => state[`${what}/${name}`]!);
    for (const [what, value] of Object.entries(change.state)) changed[`${what}/${name}`] = value;
    return change.param;
  });
  return { params: next, state: changed };
}

/** keep · before + (1 − keep) · value. */
export function average(before: tf.Tensor, value: tf.Tensor, keep: number): tf.Tensor {
  return tf.add(tf.mul(before, keep), tf.mul(value, 1 - keep));
}
