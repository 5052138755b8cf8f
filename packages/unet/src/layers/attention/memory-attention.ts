import * as tf from "@tensorflow/tfjs-core";
import { normal } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";
import { conv2d } from "../linear/conv2d.ts";
import { rmsNorm } from "../norms/rms-norm.ts";
import { attend, type Qkv, splitQkv } from "./attention.ts";
import { attendLinearly } from "./linear-attention.ts";
import { toImages, toPixelRows } from "./pixels.ts";

/** Options of {@link memoryAttention}. */
export interface MemoryAttentionOptions {
  readonly channels: number;
  readonly heads: number;
  readonly headWidth: number;
  /** Linear attention, with a norm after it. */
  readonly linear: boolean;
  /** Learned keys and values besides those of the pixels; 4 when left out, 0: none. */
  readonly memories?: number;
}

/**
 * RMS norm → attention of pixels to pixels and to learned memories → 1×1 convolution (→ RMS norm), plus the
 * input. Parameters `memory` [2, heads, memories, headWidth], `qkv`, `out`.
 * Source: lucidrains/denoising-diffusion-pytorch, classes Attention and LinearAttention.
 */
export function memoryAttention(scope: Scope, options: MemoryAttentionOptions): Layer<tf.Tensor4D> {
  const { channels, heads, headWidth, linear, memories = 4 } = options;
  const hidden = heads * headWidth;
  const memory = memories > 0 && scope.param("memory", [2, heads, memories, headWidth], normal());
  const norm = rmsNorm(scope.child("norm"), channels);
  const qkv = conv2d(scope.child("qkv"), { in: channels, out: 3 * hidden, kernel: 1, bias: false });
  const out = conv2d(scope.child("out"), { in: hidden, out: channels, kernel: 1 });
  const outNorm = linear ? rmsNorm(scope.child("outNorm"), channels) : undefined;
  return (run, x) => {
    const { q, k, v } = splitQkv(toPixelRows(qkv(run, norm(run, x))), heads, "kinds");
    const remembered = (which: number, own: tf.Tensor4D): tf.Tensor4D =>
      memory ? tf.concat([repeated(memory(run), which, own.shape[0]), own], 2) : own;
    const all: Qkv = { q, k: remembered(0, k), v: remembered(1, v) };
    const mixed = out(run, toImages(linear ? attendLinearly(all) : attend(all), x));
    return tf.add(outNorm ? outNorm(run, mixed) : mixed, x);
  };

  /** The keys (0) or values (1) of the memory for every image, [B, heads, memories, headWidth]. */
  function repeated(all: tf.Tensor, which: number, batch: number): tf.Tensor4D {
    const one = tf.slice(all, [which, 0, 0, 0], [1, heads, memories, headWidth]);
    return tf.add(one, tf.zeros([batch, 1, 1, 1]));
  }
}
