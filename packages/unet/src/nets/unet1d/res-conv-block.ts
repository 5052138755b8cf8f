import * as tf from "@tensorflow/tfjs-core";
import { gelu } from "../../layers/activations/gelu.ts";
import { recomputable } from "../../layers/blocks/recompute.ts";
import { conv1d } from "../../layers/linear/conv1d.ts";
import { groupNorm } from "../../layers/norms/group-norm.ts";
import type { Layer, Scope } from "../../scope.ts";

/** Options of {@link resConvBlock}. */
export interface ResConvBlockOptions {
  readonly in: number;
  readonly middle: number;
  readonly out: number;
  /** The network's last block ends with the second convolution. */
  readonly last?: boolean;
}

const KERNEL = 5;

/**
 * Conv → norm → GELU → conv → norm → GELU, plus the input (by a convolution of length 1 where the channels differ),
 * [B, L, 1, in] → [B, L, 1, out]; norms over whole signals.
 * Source: huggingface/diffusers src/diffusers/models/unets/unet_1d_blocks.py ResConvBlock.
 */
export function resConvBlock(scope: Scope, options: ResConvBlockOptions): Layer<tf.Tensor4D> {
  const { in: channelsIn, middle, out, last = false } = options;
  const part = recomputable(scope, () => {
    const skip =
      channelsIn !== out && conv1d(scope.child("skip"), { in: channelsIn, out, kernel: 1, bias: false });
    const first = conv1d(scope.child("conv1"), { in: channelsIn, out: middle, kernel: KERNEL });
    const norm1 = groupNorm(scope.child("norm1"), { channels: middle, groups: 1 });
    const second = conv1d(scope.child("conv2"), { in: middle, out, kernel: KERNEL });
    const norm2 = last ? undefined : groupNorm(scope.child("norm2"), { channels: out, groups: 1 });
    return (run, [given]) => {
      const x = given as tf.Tensor4D;
      const h = second(run, gelu(norm1(run, first(run, x))));
      return tf.add(norm2 ? gelu(norm2(run, h)) : h, skip ? skip(run, x) : x) as tf.Tensor4D;
    };
  });
  return (run, x) => part(run, [x]);
}
