import { ADAM_UPDATE } from "@ddpm/tfjs-kernels";
import type { AdamUpdateAttributes } from "@ddpm/tfjs-kernels/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** What a step of Adam is made from. */
export interface AdamInputs {
  readonly param: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
  readonly numbers: tf.Tensor;
}

/** Whether the running backend has {@link ADAM_UPDATE}. */
export const hasAdamKernel = (): boolean => tf.getKernel(ADAM_UPDATE, tf.getBackend()) !== undefined;

/** Runs {@link ADAM_UPDATE}. */
export function adamByKernel(
  inputs: AdamInputs,
  attributes: AdamUpdateAttributes,
): readonly [param: tf.Tensor, mean: tf.Tensor, square: tf.Tensor] {
  const outputs = tf.engine().runKernel(ADAM_UPDATE, { ...inputs }, { ...attributes });
  return outputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
}
