import * as tf from "@tensorflow/tfjs-core";
import { gelu } from "./gelu.ts";
import { silu } from "./silu.ts";

/** Activations by the names that PyTorch projects give them. */
export type ActivationName = "silu" | "mish" | "gelu" | "relu";

/** Mish, x tanh(softplus x). Source: Misra 2019. */
export function mish<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.tanh(tf.softplus(x))) as T;
}

/** The activation of that name. */
export const activations: Readonly<Record<ActivationName, <T extends tf.Tensor>(x: T) => T>> = {
  silu,
  mish,
  gelu,
  relu: (x) => tf.relu(x),
};
