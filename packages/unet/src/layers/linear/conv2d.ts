import * as tf from "@tensorflow/tfjs-core";
import { type KernelInit, torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";
import { conv2dWithBias } from "./with-bias.ts";

/** Options of {@link conv2d}. */
export interface Conv2dOptions {
  readonly in: number;
  readonly out: number;
  /** Height and width of the kernel; 3 when left out. */
  readonly kernel?: number;
  /** 1 when left out. */
  readonly stride?: number;
  /**
   * Pixels on every side, as PyTorch counts; (kernel − 1) / 2 when left out. `same` is TensorFlow's rule,
   * which for stride 2 and even sizes pads the right and the bottom only.
   */
  readonly padding?: number | "same";
  /** true when left out. */
  readonly bias?: boolean;
  /** PyTorch's default when left out. */
  readonly init?: KernelInit;
}

/**
 * 2-D convolution, [B, H, W, in] → [B, H', W', out]. Parameters `kernel` [k, k, in, out], `bias` [out].
 *
 * Symmetric padding that is not "same" goes through tf.pad, because backends take explicit padding in the
 * forward pass only.
 */
export function conv2d(scope: Scope, options: Conv2dOptions): Layer<tf.Tensor4D> {
  const { kernel: k = 3, stride = 1, bias = true, init = torchInit } = options;
  const padding = options.padding ?? (k - 1) / 2;
  const fans = { fanIn: options.in * k * k, fanOut: options.out * k * k };
  const kernel = scope.param("kernel", [k, k, options.in, options.out], init.kernel(fans));
  const shift = bias ? scope.param("bias", [options.out], init.bias(fans)) : undefined;
  const same = padding === "same" || (stride === 1 && padding === (k - 1) / 2);
  return (run, x) => {
    const padded = same || padding === 0 ? x : padSides(x, padding);
    const filter = kernel<tf.Tensor4D>(run);
    const pad = same ? "same" : "valid";
    if (!shift) return tf.conv2d(padded, filter, stride, pad);
    return conv2dWithBias(padded, filter, shift(run), stride, pad);
  };
}

/** Zeros around images, `amount` pixels on every side. */
export function padSides(x: tf.Tensor4D, amount: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [amount, amount],
    [amount, amount],
    [0, 0],
  ]);
}
