import * as tf from "@tensorflow/tfjs-core";
import {
  type Denoiser,
  INFERENCE,
  type LossWeight,
  type NoiseSchedule,
  type Parameterization,
} from "../../../packages/core/src/index.ts";
import {
  type BoundObjective,
  batchLoss,
  boundColumns,
  type ElementLoss,
  lossColumns,
} from "../../../packages/diffusion/src/authoring.ts";
import { l2 } from "../../../packages/diffusion/src/index.ts";

/** A batch to evaluate. */
export interface Batch {
  readonly x0: tf.Tensor;
  readonly eps: tf.Tensor;
  readonly times: readonly number[];
  readonly schedule: NoiseSchedule;
}

/** A network that returns given numbers. */
export function speaking(output: (x: tf.Tensor) => tf.Tensor, learnsVariance = false): Denoiser {
  return {
    name: "speaking",
    specs: [],
    channels: 0,
    axes: 2,
    multiple: 1,
    ...(learnsVariance ? { learnsVariance } : {}),
    init: () => ({}),
    apply: (_params, x) => output(x),
  };
}

/** The loss of each image of a batch. */
export function lossesOf(
  { x0, eps, times, schedule }: Batch,
  network: Denoiser,
  parameterization: Parameterization,
  weight: LossWeight,
  more: {
    readonly loss?: ElementLoss;
    readonly bound?: BoundObjective;
    readonly clip?: "next" | "floor";
  } = {},
): Float32Array {
  return tf.tidy(() => {
    const { loss = l2(), bound, clip } = more;
    const tensors = (columns: Readonly<Record<string, Float32Array>>) =>
      Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, tf.tensor1d(column)]));
    const columns = tensors(lossColumns(times, { schedule, parameterization, weight }));
    const terms = bound && tensors(boundColumns(times, schedule, bound.variance, clip));
    const inputs = { x0, eps, ...columns, ...(terms ? { bound: terms } : {}) } as never;
    const denoiser = { ...network, channels: x0.shape.at(-1)! };
    return batchLoss(
      { denoiser, loss, ...(bound ? { bound } : {}) },
      {},
      inputs,
      INFERENCE,
    ).perSample.dataSync() as Float32Array;
  });
}
