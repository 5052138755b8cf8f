import * as tf from "@tensorflow/tfjs-core";
import { type KernelInit, torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";
import { conv2d } from "../linear/conv2d.ts";
import { groupNorm } from "../norms/group-norm.ts";
import { attend, splitHeads } from "./attention.ts";
import { toImages, toPixelRows } from "./pixels.ts";

/** Options of {@link attentionBlock}. */
export interface AttentionBlockOptions {
  readonly channels: number;
  /** Of the norm; `undefined` leaves the norm out. */
  readonly groups: number | undefined;
  readonly eps?: number;
  /** 1 when left out. */
  readonly heads?: number;
  /** Numbers per head; channels / heads when left out. */
  readonly headWidth?: number;
  readonly init?: KernelInit;
  /** Of the last projection; like `init` when left out. */
  readonly lastInit?: KernelInit;
  /** Divides the sum of branch and input; 1 when left out. */
  readonly outputScale?: number;
}

/**
 * Group norm, attention of every pixel to every pixel, projection, plus the input: [B, H, W, C] in and out.
 * Parameters `norm`, and the 1×1 convolutions `q`, `k`, `v`, `out`.
 * Source: Ho et al. 2020, hojonathanho/diffusion models/unet.py `attn_block`.
 */
export function attentionBlock(scope: Scope, options: AttentionBlockOptions): Layer<tf.Tensor4D> {
  const { channels, groups, heads = 1, init = torchInit, lastInit = init } = options;
  const eps = options.eps === undefined ? {} : { eps: options.eps };
  const norm =
    groups === undefined ? undefined : groupNorm(scope.child("norm"), { channels, groups, ...eps });
  const inner = heads * (options.headWidth ?? channels / heads);
  const project = (name: string): Layer<tf.Tensor4D> =>
    conv2d(scope.child(name), { in: channels, out: inner, kernel: 1, init });
  const [q, k, v] = [project("q"), project("k"), project("v")];
  const out = conv2d(scope.child("out"), { in: inner, out: channels, kernel: 1, init: lastInit });
  return (run, x) => {
    const normed = norm ? norm(run, x) : x;
    const split = (layer: Layer<tf.Tensor4D>): tf.Tensor4D =>
      splitHeads(toPixelRows(layer(run, normed)), heads);
    const mixed = attend({ q: split(q), k: split(k), v: split(v) });
    const sum: tf.Tensor4D = tf.add(x, out(run, toImages(mixed, x)));
    return options.outputScale ? tf.div(sum, options.outputScale) : sum;
  };
}
