import type { Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { mapTogether } from "./bundles.ts";
import type { Clip } from "./clip.ts";
import { globalNorm } from "./clips/by-norm.ts";
import type { Optimizer } from "./optimizer.ts";
import { prefixed, under } from "./records.ts";
import type { StepFunction } from "./step.ts";
import { weightedSum } from "./weighted-sum.ts";

/** What {@link updateStep} is made for. */
export interface UpdateStepOptions {
  readonly optimizer: Optimizer;
  readonly clip?: Clip;
  /** Parameters that the network itself changed: the average follows them, too. */
  readonly updates: readonly string[];
}

/**
 * Gradients → clipped → new weights → averaged weights → totals.
 *
 * In: `params/…`, `ema/…` (or none), `optimizer/…`, `totals/…`, `gradients/…` of the weights that have one, `loss`,
 * `scalar/…`, `ema decay`, `ema rest`. Out: what changed, under the same names.
 */
export function updateStep({ optimizer, clip, updates }: UpdateStepOptions): StepFunction {
  return (inputs) => {
    const params = under("params", inputs);
    const raw = under("gradients", inputs);
    const norm = globalNorm(raw);
    const gradients = clip ? clip.apply(raw, norm) : raw;
    const learned = only(params, Object.keys(gradients));
    const next = optimizer.update({
      params: learned,
      gradients,
      state: under("optimizer", inputs),
      scalars: under<tf.Scalar>("scalar", inputs),
    });
    const followed = { ...next.params, ...only(params, updates) };
    return {
      ...prefixed("params", next.params),
      ...prefixed("optimizer", next.state),
      ...averaged(inputs, followed),
      ...summed(inputs, norm),
    };
  };
}

function only(params: Params, names: readonly string[]): Record<string, tf.Tensor> {
  return Object.fromEntries(names.map((name) => [name, params[name]!]));
}

/** ema ← decay · ema + rest · params: exactly the weights where decay is 0, unchanged where it is 1. */
function averaged(inputs: Readonly<Record<string, tf.Tensor>>, params: Params): Record<string, tf.Tensor> {
  const decay = inputs["ema decay"];
  const rest = inputs["ema rest"];
  if (!decay || !rest) return {};
  const before = under("ema", inputs);
  const averages = mapTogether(params, (value, like) => weightedSum(like(before), value, decay, rest));
  return prefixed("ema", averages);
}

/** `finite` counts updates up to the first whose loss or norm is not: from then on 0 · sum is NaN. */
function summed(inputs: Readonly<Record<string, tf.Tensor>>, norm: tf.Scalar): Record<string, tf.Tensor> {
  const loss = tf.add(inputs["totals/loss"]!, inputs.loss!);
  const norms = tf.add(inputs["totals/norm"]!, norm);
  const finite = tf.cast(tf.equal(tf.mul(tf.add(loss, norms), 0), 0), "float32");
  return {
    "totals/loss": loss,
    "totals/norm": norms,
    "totals/finite": tf.add(inputs["totals/finite"]!, finite),
  };
}
