import * as tf from "@tensorflow/tfjs-core";
import { ones } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";

/** Added under the root, so that a pixel of zeros stays one. */
const LEAST = 1e-24;

/**
 * Each pixel's channels scaled to length √C, times learned `scale` [C]: [B, H, W, C] → [B, H, W, C].
 * Source: Zhang & Sennrich 2019; lucidrains, class RMSNorm.
 */
export function rmsNorm(scope: Scope, channels: number): Layer<tf.Tensor4D> {
  const scale = scope.param("scale", [channels], ones);
  return (run, x) => {
    const squares = tf.sum(tf.square(x), 3, true);
    const inverse = tf.rsqrt(tf.add(squares, LEAST));
    return tf.mul(tf.mul(x, tf.mul(inverse, Math.sqrt(channels))), scale(run));
  };
}
