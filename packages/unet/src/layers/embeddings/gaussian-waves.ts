import * as tf from "@tensorflow/tfjs-core";
import { normal } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";

/** Options of {@link gaussianWaves}. */
export interface GaussianWavesOptions {
  /** Columns, even. */
  readonly width: number;
  /** Deviation of the frequencies; 16 when left out. */
  readonly scale?: number;
  /** [cos ‖ sin] instead of [sin ‖ cos]. */
  readonly cosFirst?: boolean;
}

/**
 * [sin 2πft ‖ cos 2πft] with frequencies f drawn once and never trained, [B] → [B, width].
 * Parameter `frequencies` [width / 2], frozen. Source: Tancik et al. 2020; Song et al. 2021, NCSN++.
 */
export function gaussianWaves(
  scope: Scope,
  { width, scale = 16, cosFirst = false }: GaussianWavesOptions,
): (t: tf.Tensor1D, run: Run) => tf.Tensor2D {
  const frequencies = scope.param("frequencies", [width / 2], normal(scale), { trainable: false });
  return (t, run) => {
    const turns = tf.mul(tf.reshape(t, [-1, 1]), tf.reshape(frequencies(run), [1, -1]));
    // Whole turns go first: float32 has no digits left for the sine of thousands of radians.
    const angle = tf.mul(tf.sub(turns, tf.round(turns)), 2 * Math.PI);
    const pair = cosFirst ? [tf.cos(angle), tf.sin(angle)] : [tf.sin(angle), tf.cos(angle)];
    return tf.concat(pair as tf.Tensor2D[], 1);
  };
}
