import { mapParams, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { UpdateInput, UpdateOutput } from "../optimizer.ts";
import { bundlesOf } from "./pack-tensors.ts";

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

/** From a weight, its gradient and its state by kind to what it becomes. */
export type Rule = (param: tf.Tensor, gradient: tf.Tensor, kept: (what: string) => tf.Tensor) => Change;

/** Applies a rule to every weight as a whole. */
export function updateEach({ params, gradients, state }: UpdateInput, rule: Rule): UpdateOutput {
  const changed: Record<string, tf.Tensor> = {};
  const next = mapParams(params, (param, name) => {
    const change = rule(param, gradients[name]!, (what) => state[`${what}/${name}`]!);
    for (const [what, value] of Object.entries(change.state)) changed[`${what}/${name}`] = value;
    return change.param;
  });
  return { params: next, state: changed };
}

/** Applies a rule that treats every number of every weight alike; to many weights at once where the backend can. */
export function updateNumbers({ params, gradients, state }: UpdateInput, rule: Rule): UpdateOutput {
  const next: Record<string, tf.Tensor> = {};
  const changed: Record<string, tf.Tensor> = {};
  for (const { join, part } of bundlesOf(params)) {
    const change = rule(
      join((name) => params[name]!),
      join((name) => gradients[name]!),
      (what) => join((name) => state[`${what}/${name}`]!),
    );
    Object.assign(next, part(change.param));
    for (const [what, value] of Object.entries(change.state)) {
      for (const [name, tensor] of Object.entries(part(value))) changed[`${what}/${name}`] = tensor;
    }
  }
  return { params: next, state: changed };
}

/** keep · before + (1 − keep) · value. */
export function average(before: tf.Tensor, value: tf.Tensor, keep: number): tf.Tensor {
  return tf.add(tf.mul(before, keep), tf.mul(value, 1 - keep));
}
