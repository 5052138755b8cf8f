import * as tf from "@tensorflow/tfjs-core";
import type { Layer, Run, Scope } from "../../scope.ts";
import { gelu } from "../activations/gelu.ts";
import { overPixels } from "../attention/pixels.ts";
import { conv2d } from "../linear/conv2d.ts";
import { dense } from "../linear/dense.ts";
import { depthwiseConv2d } from "../linear/depthwise-conv2d.ts";

/** Options of {@link convNextBlock}. */
export interface ConvNextBlockOptions {
  readonly in: number;
  readonly out: number;
  /** Width of the embedding; left out, the block receives none. */
  readonly embedding?: number | undefined;
  /** Hidden channels per output channel; 2 when left out. */
  readonly expansion?: number;
  /** Makes the norm before each convolution. */
  readonly norm: (scope: Scope, channels: number) => Layer<tf.Tensor4D>;
}

/** A block that may receive an embedding, [B, E], before any activation. */
export type TimeBlock = (run: Run, x: tf.Tensor4D, embedding?: tf.Tensor2D) => tf.Tensor4D;

/**
 * Depthwise 7×7 → + dense(GELU(embedding)) → norm → conv 3×3 → GELU → norm → conv 3×3, plus the input (by a
 * 1×1 convolution where the channels differ), [B, H, W, in] → [B, H, W, out].
 * Source: huggingface/notebooks examples/annotated_diffusion.ipynb, class ConvNextBlock.
 */
export function convNextBlock(scope: Scope, options: ConvNextBlockOptions): TimeBlock {
  const { in: channelsIn, out, embedding, expansion = 2, norm } = options;
  const hidden = out * expansion;
  const time = embedding && dense(scope.child("time"), { in: embedding, out: channelsIn });
  const depthwise = depthwiseConv2d(scope.child("conv0"), { channels: channelsIn, kernel: 7 });
  const norm1 = norm(scope.child("norm1"), channelsIn);
  const conv1 = conv2d(scope.child("conv1"), { in: channelsIn, out: hidden });
  const norm2 = norm(scope.child("norm2"), hidden);
  const conv2 = conv2d(scope.child("conv2"), { in: hidden, out });
  const shortcut = channelsIn !== out && conv2d(scope.child("shortcut"), { in: channelsIn, out, kernel: 1 });
  return (run, x, embedded) => {
    let h = depthwise(run, x);
    if (time && embedded) h = tf.add(h, overPixels(time(run, gelu(embedded))));
    h = gelu(conv1(run, norm1(run, h)));
    h = conv2(run, norm2(run, h));
    return tf.add(h, shortcut ? shortcut(run, x) : x);
  };
}
