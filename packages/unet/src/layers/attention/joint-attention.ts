import * as tf from "@tensorflow/tfjs-core";
import { type KernelInit, torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";
import { conv2d } from "../linear/conv2d.ts";
import { attend, type Qkv, type QkvLayout, splitQkv } from "./attention.ts";
import { toImages, toPixelRows } from "./pixels.ts";

/** Options of {@link jointAttention}. */
export interface JointAttentionOptions {
  readonly channels: number;
  readonly heads: number;
  /** Numbers per head; channels / heads when left out. */
  readonly headWidth?: number;
  readonly layout: QkvLayout;
  /** Of the joint projection; true when left out. */
  readonly bias?: boolean;
  /** Before the projection; none when left out. */
  readonly norm?: Layer<tf.Tensor4D> | undefined;
  /** After the last projection; none when left out. */
  readonly outNorm?: Layer<tf.Tensor4D> | undefined;
  /** [B, N, heads · headWidth] from queries, keys and values; softmax attention when left out. */
  readonly mix?: (qkv: Qkv) => tf.Tensor3D;
  /** Of the joint projection; PyTorch's default when left out. */
  readonly init?: KernelInit;
  /** Of the last projection; PyTorch's default when left out. */
  readonly lastInit?: KernelInit;
}

/**
 * Norm → one 1×1 convolution to queries, keys and values → attention → 1×1 convolution → norm, plus the
 * input: [B, H, W, C] in and out. Parameters `qkv` and `out`; the norms bring their own.
 */
export function jointAttention(scope: Scope, options: JointAttentionOptions): Layer<tf.Tensor4D> {
  const { channels, heads, layout, bias = true, norm, outNorm, mix = attend, lastInit = torchInit } = options;
  const init = options.init ?? torchInit;
  const hidden = heads * (options.headWidth ?? channels / heads);
  const qkv = conv2d(scope.child("qkv"), { in: channels, out: 3 * hidden, kernel: 1, bias, init });
  const out = conv2d(scope.child("out"), { in: hidden, out: channels, kernel: 1, init: lastInit });
  return (run, x) => {
    const joint = toPixelRows(qkv(run, norm ? norm(run, x) : x));
    const mixed = out(run, toImages(mix(splitQkv(joint, heads, layout)), x));
    return tf.add(outNorm ? outNorm(run, mixed) : mixed, x);
  };
}
