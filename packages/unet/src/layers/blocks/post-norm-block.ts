import * as tf from "@tensorflow/tfjs-core";
import type { Scope } from "../../scope.ts";
import { silu } from "../activations/silu.ts";
import { overPixels } from "../attention/pixels.ts";
import { conv2d } from "../linear/conv2d.ts";
import { dense } from "../linear/dense.ts";
import { groupNorm } from "../norms/group-norm.ts";
import type { TimeBlock } from "./convnext-block.ts";

/** Options of {@link postNormBlock}. */
export interface PostNormBlockOptions {
  readonly in: number;
  readonly out: number;
  /** Width of the embedding; left out, the block receives none. */
  readonly embedding?: number | undefined;
  readonly groups: number;
}

/**
 * Conv 3×3 → group norm → SiLU → + dense(SiLU(embedding)) → conv 3×3 → group norm → SiLU, plus the input (by
 * a 1×1 convolution where the channels differ), [B, H, W, in] → [B, H, W, out].
 * Source: huggingface/notebooks examples/annotated_diffusion.ipynb, classes Block and ResnetBlock.
 */
export function postNormBlock(scope: Scope, options: PostNormBlockOptions): TimeBlock {
  const { in: channelsIn, out, embedding, groups } = options;
  const time = embedding && dense(scope.child("time"), { in: embedding, out });
  const conv1 = conv2d(scope.child("conv1"), { in: channelsIn, out });
  const norm1 = groupNorm(scope.child("norm1"), { channels: out, groups, activation: "silu" });
  const conv2 = conv2d(scope.child("conv2"), { in: out, out });
  const norm2 = groupNorm(scope.child("norm2"), { channels: out, groups, activation: "silu" });
  const shortcut = channelsIn !== out && conv2d(scope.child("shortcut"), { in: channelsIn, out, kernel: 1 });
  return (run, x, embedded) => {
    let h = norm1(run, conv1(run, x));
    if (time && embedded) h = tf.add(h, overPixels(time(run, silu(embedded))));
    h = norm2(run, conv2(run, h));
    return tf.add(h, shortcut ? shortcut(run, x) : x);
  };
}
