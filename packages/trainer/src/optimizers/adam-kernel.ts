import * as tf from "@tensorflow/tfjs-core";

/** Attributes of {@link ADAM}. */
export interface AdamAttributes {
  readonly beta1: number;
  readonly beta2: number;
  /** Share of the weight that is added to its gradient first. */
  readonly decay: number;
}

/**
 * A backend that registers this kernel makes a whole step of Adam in one: inputs `param`, `gradient`, `mean`, `square`,
 * all of one shape, and `numbers` [3]: rate, floor and shrink; outputs the new param, mean and square, by the formula
 * of `adamRule`.
 */
export const ADAM = "AdamUpdate";

/** What a step of Adam is made from. */
export interface AdamInputs {
  readonly param: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
  readonly numbers: tf.Tensor;
}

/** Whether the running backend has {@link ADAM}. */
export const hasAdamKernel = (): boolean => tf.getKernel(ADAM, tf.getBackend()) !== undefined;

/** Runs {@link ADAM}. */
export function adamByKernel(
  inputs: AdamInputs,
  attributes: AdamAttributes,
): readonly [param: tf.Tensor, mean: tf.Tensor, square: tf.Tensor] {
  const outputs = tf.engine().runKernel(ADAM, { ...inputs }, { ...attributes });
  return outputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
}
