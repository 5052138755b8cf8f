import * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";
import type { Context } from "../attention/context.ts";
import { overPixels, toImages, toPixelRows } from "../attention/pixels.ts";
import { tokenAttention } from "../attention/token-attention.ts";
import { dense } from "../linear/dense.ts";
import { channelLayerNorm } from "../norms/channel-layer-norm.ts";
import { normaliseGroups } from "../norms/normalise-groups.ts";

/** Options of {@link modulatedAttention}. */
export interface ModulatedAttentionOptions {
  readonly channels: number;
  readonly groups: number;
  readonly heads: number;
  readonly headWidth: number;
  /** Width of the context's tokens. */
  readonly context: number;
  /** Width of the embedding. */
  readonly embedding: number;
  /** Pixels attend to each other first. */
  readonly attendsToPixels: boolean;
}

/** Images, a context and the embedding without its activation. */
export type ModulatedAttention = (
  run: Run,
  x: tf.Tensor4D,
  context: Context,
  embedded: tf.Tensor2D,
) => tf.Tensor4D;

/**
 * Attention of pixels to each other and to a context whose tokens have a layer norm, each after a group norm that the embedding scales
 * and shifts, and added to its input: [B, H, W, C] in and out. Parameters `modulation1`, `self`, `modulation2`, `cross`.
 * Source: k-diffusion's image networks, as diffusers' KAttentionBlock.
 */
export function modulatedAttention(scope: Scope, options: ModulatedAttentionOptions): ModulatedAttention {
  const { channels: width, groups, heads, headWidth, context, embedding, attendsToPixels } = options;
  const norm = (name: string) => {
    const modulation = dense(scope.child(name), { in: embedding, out: 2 * width });
    return (run: Run, x: tf.Tensor4D, embedded: tf.Tensor2D): tf.Tensor3D => {
      const [scale, shift] = tf.split(overPixels(modulation(run, embedded)), 2, 3) as [
        tf.Tensor4D,
        tf.Tensor4D,
      ];
      const attributes = { groups, eps: 1e-5, activation: "linear" } as const;
      return toPixelRows(normaliseGroups(x, tf.add(1, scale), shift, attributes));
    };
  };
  const shape = { width, heads, headWidth, bias: true };
  const own = attendsToPixels
    ? { norm: norm("modulation1"), attend: tokenAttention(scope.child("self"), shape) }
    : undefined;
  const norm2 = norm("modulation2");
  const contextNorm = channelLayerNorm<tf.Tensor3D>(scope.child("cross").child("contextNorm"), {
    channels: context,
  });
  const cross = tokenAttention(scope.child("cross"), { ...shape, context });
  return (run, x, { tokens, bias }, embedded) => {
    const seen = { tokens: contextNorm(run, tokens), bias };
    const h: tf.Tensor4D = own ? tf.add(toImages(own.attend(run, own.norm(run, x, embedded)), x), x) : x;
    return tf.add(toImages(cross(run, norm2(run, h, embedded), seen), h), h);
  };
}
