import * as tf from "@tensorflow/tfjs-core";
import type { Layer, Scope } from "../../scope.ts";

/**
 * Zeroes a share `rate` ∈ [0, 1) of the numbers in training and scales the rest by 1 / (1 − rate), with the
 * randomness of `mode.uniform`; the identity elsewhere.
 */
export function dropout<T extends tf.Tensor>(scope: Scope, rate: number): Layer<T> {
  return ({ mode }, x) => {
    if (rate === 0 || !mode.training || !mode.uniform) return x;
    const kept = tf.greaterEqual(mode.uniform(scope.path, x.shape), rate);
    return tf.mul(x, tf.div(tf.cast(kept, "float32"), 1 - rate)) as T;
  };
}
