import * as tf from "@tensorflow/tfjs-core";
import { torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";

/**
 * One kernel per channel, stride 1, same size out: [B, H, W, C] → [B, H, W, C].
 * Parameters `depthwise` [k, k, C, 1], `bias` [C]; PyTorch's initialisation of a grouped convolution.
 */
export function depthwiseConv2d(
  scope: Scope,
  options: { readonly channels: number; readonly kernel: number },
): Layer<tf.Tensor4D> {
  const { channels, kernel: k } = options;
  const fans = { fanIn: k * k, fanOut: k * k };
  const kernel = scope.param("depthwise", [k, k, channels, 1], torchInit.kernel(fans));
  const bias = scope.param("bias", [channels], torchInit.bias(fans));
  return (run, x) => tf.add(tf.depthwiseConv2d(x, kernel<tf.Tensor4D>(run), 1, "same"), bias(run));
}
