import type { Condition, Denoiser, Mode, Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainOptions } from "./options.ts";

/** Per-image numbers of a batch, each [B]. */
export type Columns = Readonly<Record<string, Float32Array>>;

/** Everything about noise levels that the network and its loss need, per image. */
export function columnsOf(
  times: Float64Array,
  options: Pick<TrainOptions, "schedule" | "parameterization" | "weight">,
): Columns {
  const names = ["alpha", "sigma", "skip", "out", "in", "noise", "weight"] as const;
  const columns = Object.fromEntries(names.map((name) => [name, new Float32Array(times.length)]));
  times.forEach((t, i) => {
    const moment = { t, ...options.schedule.at(t) };
    const meaning = options.parameterization.at(moment, options.schedule);
    const row = { ...moment, ...meaning, weight: options.weight.at(moment, options.schedule, meaning) };
    for (const name of names) columns[name]![i] = row[name];
  });
  return columns;
}

export interface LossInput {
  readonly denoiser: Denoiser;
  readonly params: Params;
  readonly x0: tf.Tensor4D;
  readonly eps: tf.Tensor4D;
  readonly columns: Readonly<Record<string, tf.Tensor>>;
  readonly condition: Condition;
  readonly mode: Mode;
}

/** Mean loss of a batch, shape []. */
export function lossOf(loss: TrainOptions["loss"], input: LossInput): tf.Scalar {
  const { denoiser, params, x0, eps, columns, condition, mode } = input;
  const column = (name: string): tf.Tensor4D => tf.reshape(columns[name]!, [-1, 1, 1, 1]);
  const x = tf.add(tf.mul(column("alpha"), x0), tf.mul(column("sigma"), eps)) as tf.Tensor4D;
  const scaled = tf.mul(column("in"), x) as tf.Tensor4D;
  const f = denoiser.apply(params, scaled, columns.noise as tf.Tensor1D, condition, mode);
  const target = tf.div(tf.sub(x0, tf.mul(column("skip"), x)), column("out"));
  const each = tf.mul(loss.apply(f, target), tf.mul(column("weight"), tf.square(column("out"))));
  return tf.mean(each) as tf.Scalar;
}
