import * as tf from "@tensorflow/tfjs-core";
import { torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";

/** Options of {@link standardisedConv2d}. */
export interface StandardisedConv2dOptions {
  readonly in: number;
  readonly out: number;
  /** Multiply the centred kernel by its deviation instead of dividing, as one published text does. */
  readonly multiplies: boolean;
}

/** Added to the variance of a kernel. */
const EPS = 1e-5;

/**
 * 3×3 convolution whose kernel is brought to mean 0 and variance 1 per output channel before use,
 * [B, H, W, in] → [B, H, W, out]. Parameters `kernel`, `bias`. Source: Qiao et al. 2019, eq. 5.
 */
export function standardisedConv2d(scope: Scope, options: StandardisedConv2dOptions): Layer<tf.Tensor4D> {
  const { in: channelsIn, out, multiplies } = options;
  const fans = { fanIn: 9 * channelsIn, fanOut: 9 * out };
  const kernel = scope.param("kernel", [3, 3, channelsIn, out], torchInit.kernel(fans));
  const bias = scope.param("bias", [out], torchInit.bias(fans));
  return (run, x) => {
    const given = kernel<tf.Tensor4D>(run);
    const centred = tf.sub(given, tf.mean(given, [0, 1, 2], true));
    const variance = tf.add(tf.mean(tf.square(centred), [0, 1, 2], true), EPS);
    const used: tf.Tensor4D = tf.mul(centred, multiplies ? tf.sqrt(variance) : tf.rsqrt(variance));
    return tf.add(tf.conv2d(x, used, 1, "same"), bias(run));
  };
}
