import * as tf from "@tensorflow/tfjs-core";
import { normal } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";

/** Options of {@link fourier}. */
export interface FourierOptions {
  /** Sine and cosine columns together, even. */
  readonly width: number;
  /** Whether the frequencies are trained; they start normal either way. */
  readonly learned: boolean;
}

/**
 * [t ‖ sin 2πft ‖ cos 2πft] with random or learned frequencies f, [B] → [B, width + 1].
 * Parameter `frequencies` [width / 2]. Source: lucidrains, RandomOrLearnedSinusoidalPosEmb.
 */
export function fourier(
  scope: Scope,
  { width, learned }: FourierOptions,
): (t: tf.Tensor1D, run: Run) => tf.Tensor2D {
  const frequencies = scope.param("frequencies", [width / 2], normal(), { trainable: learned });
  return (t, run) => {
    const column: tf.Tensor2D = tf.reshape(t, [-1, 1]);
    const angle = tf.mul(tf.mul(column, tf.reshape(frequencies(run), [1, -1])), 2 * Math.PI);
    return tf.concat([column, tf.sin(angle), tf.cos(angle)] as tf.Tensor2D[], 1);
  };
}
