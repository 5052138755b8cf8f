import * as tf from "@tensorflow/tfjs-core";

/** Attributes of the kernels `GroupNorm` and `GroupNormGrad`. */
export interface NormAttributes extends Record<string, unknown> {
  readonly groups: number;
  readonly eps: number;
  readonly activation: "linear" | "silu";
}

/** The norm composed of operations whose gradients are tfjs-core's own. */
export function composedNorm({
  groups,
  eps,
  activation,
}: NormAttributes): (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => tf.Tensor {
  return (x, scale, shift) => {
    const [b, h, w, c] = x.shape as [number, number, number, number];
    const grouped = tf.reshape(x, [b, h * w, groups, c / groups]);
    const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
    const rstd = tf.rsqrt(tf.add(tf.mean(tf.square(centred), [1, 3], true), eps));
    const z = tf.add(tf.mul(tf.reshape(tf.mul(centred, rstd), x.shape), scale), shift);
    return activation === "silu" ? tf.mul(z, tf.sigmoid(z)) : z;
  };
}
