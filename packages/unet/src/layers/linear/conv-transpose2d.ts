import * as tf from "@tensorflow/tfjs-core";
import { torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";

/** Options of {@link convTranspose2d}. */
export interface ConvTranspose2dOptions {
  readonly in: number;
  readonly out: number;
  /** Height and width of the kernel: 2 or 4 in the published networks. */
  readonly kernel: number;
}

/**
 * Transposed convolution with stride 2 that doubles height and width, [B, H, W, in] → [B, 2H, 2W, out]:
 * PyTorch's ConvTranspose2d(in, out, k, stride 2, padding (k − 2) / 2).
 * Parameters `kernel` [k, k, out, in], `bias` [out].
 */
export function convTranspose2d(scope: Scope, options: ConvTranspose2dOptions): Layer<tf.Tensor4D> {
  const { in: channelsIn, out: channelsOut, kernel: k } = options;
  // PyTorch counts the second axis of its [in, out, k, k] weight as the fan in.
  const fans = { fanIn: channelsOut * k * k, fanOut: channelsIn * k * k };
  const kernel = scope.param("kernel", [k, k, channelsOut, channelsIn], torchInit.kernel(fans));
  const bias = scope.param("bias", [channelsOut], torchInit.bias(fans));
  return (run, x) => {
    const [batch, height, width] = x.shape;
    const shape: [number, number, number, number] = [batch, 2 * height, 2 * width, channelsOut];
    return tf.add(tf.conv2dTranspose(x, kernel<tf.Tensor4D>(run), shape, 2, "same"), bias(run));
  };
}
