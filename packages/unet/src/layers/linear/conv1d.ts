import * as tf from "@tensorflow/tfjs-core";
import { torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";
import { conv2dWithBias } from "./with-bias.ts";

/** Options of {@link conv1d}. */
export interface Conv1dOptions {
  readonly in: number;
  readonly out: number;
  /** Length of the kernel; 3 when left out. */
  readonly kernel?: number;
  /** 1 when left out. */
  readonly stride?: number;
  /** Zeros at either end, as PyTorch counts; (kernel − 1) / 2 when left out. */
  readonly padding?: number;
  /** true when left out. */
  readonly bias?: boolean;
}

/**
 * 1-D convolution of signals, as images of width 1: [B, L, 1, in] → [B, L', 1, out], see {@link asImage}.
 * Parameters `kernel` [k, in, out], `bias` [out]; PyTorch's initialisation.
 */
export function conv1d(scope: Scope, options: Conv1dOptions): Layer<tf.Tensor4D> {
  const { in: channelsIn, out, kernel: k = 3, stride = 1, bias = true } = options;
  const padding = options.padding ?? (k - 1) / 2;
  const fans = { fanIn: channelsIn * k, fanOut: out * k };
  const kernel = scope.param("kernel", [k, channelsIn, out], torchInit.kernel(fans));
  const shift = bias ? scope.param("bias", [out], torchInit.bias(fans)) : undefined;
  const same = stride === 1 && padding === (k - 1) / 2;
  return (run, x) => {
    const padded = same || padding === 0 ? x : padEnds(x, padding);
    const filter = tf.reshape(kernel(run), [k, 1, channelsIn, out]) as tf.Tensor4D;
    const pad = same ? "same" : "valid";
    if (!shift) return tf.conv2d(padded, filter, stride, pad);
    return conv2dWithBias(padded, filter, shift(run), stride, pad);
  };
}

/** `amount` zeros at either end of signals as images of width 1. */
function padEnds(x: tf.Tensor4D, amount: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [amount, amount],
    [0, 0],
    [0, 0],
  ]);
}
