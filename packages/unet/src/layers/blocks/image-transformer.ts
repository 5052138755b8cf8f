import * as tf from "@tensorflow/tfjs-core";
import type { Scope } from "../../scope.ts";
import type { ContextAttention } from "../attention/joined-attention.ts";
import { toImages, toPixelRows } from "../attention/pixels.ts";
import { conv2d } from "../linear/conv2d.ts";
import { groupNorm } from "../norms/group-norm.ts";
import { contextBlock } from "./context-block.ts";

/** Options of {@link imageTransformer}. */
export interface ImageTransformerOptions {
  readonly channels: number;
  readonly groups: number;
  readonly heads: number;
  /** Numbers per head; channels / heads, rounded down, when left out. */
  readonly headWidth?: number;
  /** Width of the context's tokens. */
  readonly context: number;
  /** Number of blocks. */
  readonly layers: number;
  readonly onlyContext?: boolean;
}

/**
 * Group norm, 1×1 convolution, transformer blocks over the pixels, 1×1 convolution, plus the input: [B, H, W, C] in and out.
 * Parameters `norm`, `in`, `blocks`, `out`. Source: Rombach et al. 2022, appendix E.2.1, SpatialTransformer.
 */
export function imageTransformer(scope: Scope, options: ImageTransformerOptions): ContextAttention {
  const { channels, groups, heads, context, layers, onlyContext = false } = options;
  const width = heads * (options.headWidth ?? Math.floor(channels / heads));
  const norm = groupNorm(scope.child("norm"), { channels, groups, eps: 1e-6 });
  const first = conv2d(scope.child("in"), { in: channels, out: width, kernel: 1 });
  const blocks = Array.from({ length: layers }, (_, index) =>
    contextBlock(scope.child("blocks").child(index), { width, heads, context, onlyContext }),
  );
  const last = conv2d(scope.child("out"), { in: width, out: channels, kernel: 1 });
  return (run, x, context) => {
    const pixels = toPixelRows(first(run, norm(run, x)));
    const h = blocks.reduce((tokens, block) => block(run, tokens, context), pixels);
    return tf.add(last(run, toImages(h, x)), x);
  };
}
