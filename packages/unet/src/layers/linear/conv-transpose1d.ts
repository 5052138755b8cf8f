import * as tf from "@tensorflow/tfjs-core";
import { torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";

/**
 * Transposed convolution with stride 2 that doubles the length of signals, as images of width 1,
 * [B, L, 1, in] → [B, 2L, 1, out]: PyTorch's ConvTranspose1d(in, out, 4, stride 2, padding 1).
 * Parameters `kernel` [4, out, in], `bias` [out].
 */
export function convTranspose1d(
  scope: Scope,
  options: { readonly in: number; readonly out: number },
): Layer<tf.Tensor4D> {
  const { in: channelsIn, out } = options;
  // PyTorch counts the second axis of its [in, out, k] weight as the fan in.
  const fans = { fanIn: out * 4, fanOut: channelsIn * 4 };
  const kernel = scope.param("kernel", [4, out, channelsIn], torchInit.kernel(fans));
  const bias = scope.param("bias", [out], torchInit.bias(fans));
  return (run, x) => {
    const [batch, length] = x.shape;
    const filter = tf.reshape(kernel(run), [4, 1, out, channelsIn]) as tf.Tensor4D;
    return tf.add(tf.conv2dTranspose(x, filter, [batch, 2 * length, 1, out], [2, 1], "same"), bias(run));
  };
}
