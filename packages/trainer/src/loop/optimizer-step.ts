import type { Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { globalNorm } from "../clips/by-norm.ts";
import type { Clip } from "../clips/clip.ts";
import { mapTogether } from "../optimizers/arithmetic/pack-tensors.ts";
import { weightedSum } from "../optimizers/arithmetic/weighted-sum.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Totals, TrainTensors } from "./state.ts";
import type { RateInputs } from "./update-rates.ts";

/** What {@link updateStep} is made for. */
export interface UpdateStepOptions {
  readonly optimizer: Optimizer;
  readonly clip?: Clip;
  /** Parameters that the network itself changed: the average follows them, too. */
  readonly updates: readonly string[];
}

/** What an update is made from. */
export interface UpdateInputs {
  readonly state: TrainTensors;
  /** Of the weights that have one. */
  readonly gradients: Params;
  readonly loss: tf.Scalar;
  readonly rates: RateInputs;
}

/** Gradients → clipped → new weights → averaged weights → totals: the tensors that changed, under their names. */
export function updateStep({
  optimizer,
  clip,
  updates,
}: UpdateStepOptions): (inputs: UpdateInputs) => TrainTensors {
  return ({ state, gradients: raw, loss, rates }) => {
    const norm = globalNorm(raw);
    const gradients = clip ? clip.apply(raw, norm) : raw;
    const next = optimizer.update({
      params: only(state.params, Object.keys(gradients)),
      gradients,
      state: state.optimizer,
      scalars: rates.optimizer,
    });
    const followed = { ...next.params, ...only(state.params, updates) };
    const { ema } = state;
    return {
      params: next.params,
      optimizer: next.state,
      ...(ema && rates.ema ? { ema: averaged(ema, followed, rates.ema) } : {}),
      totals: summed(state.totals, loss, norm),
    };
  };
}

function only(params: Params, names: readonly string[]): Params {
  return Object.fromEntries(names.map((name) => [name, params[name]!]));
}

/** ema ← decay · ema + rest · params: exactly the weights where decay is 0, unchanged where it is 1. */
function averaged(ema: Params, params: Params, { decay, rest }: NonNullable<RateInputs["ema"]>): Params {
  return mapTogether(params, (value, like) => weightedSum(like(ema), value, decay, rest));
}

/** `finite` counts updates up to the first whose loss or norm is not: from then on 0 · sum is NaN. */
function summed(totals: Totals, ofUpdate: tf.Scalar, normOfUpdate: tf.Scalar): Totals {
  const loss = tf.add(totals.loss, ofUpdate) as tf.Scalar;
  const norm = tf.add(totals.norm, normOfUpdate) as tf.Scalar;
  const finite = tf.cast(tf.equal(tf.mul(tf.add(loss, norm), 0), 0), "float32");
  return { loss, norm, finite: tf.add(totals.finite, finite) as tf.Scalar };
}
