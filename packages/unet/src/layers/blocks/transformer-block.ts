import * as tf from "@tensorflow/tfjs-core";
import { hoInit, zeroInit } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";
import { geluTanh } from "../activations/gelu.ts";
import { attend, splitQkv } from "../attention/attention.ts";
import type { Context } from "../attention/context.ts";
import { tokenAttention } from "../attention/token-attention.ts";
import { dense } from "../linear/dense.ts";
import { onTokens } from "../linear/on-tokens.ts";

/** Options of {@link transformerBlock}. */
export interface TransformerBlockOptions {
  readonly width: number;
  readonly heads: number;
  /** Numbers in the hidden layer of the MLP. */
  readonly hidden: number;
  /** Width of the tokens of a context that it attends to after itself; none when left out. */
  readonly context?: number | undefined;
}

/** Tokens, [B, N, width], the embedding, [B, width], with its activation applied, and a context where the block takes one. */
export type TokenBlock = (run: Run, x: tf.Tensor3D, embedded: tf.Tensor2D, context?: Context) => tf.Tensor3D;

/** Xavier-uniform kernels, biases 0: torch.nn.init.xavier_uniform_. */
const init = hoInit();

/**
 * Attention and an MLP, each after a layer norm without weights that is scaled and shifted, and each gated: scales,
 * shifts and gates come from `embedded` through a layer that starts at zero (adaLN-Zero). Parameters `modulation`, `qkv`,
 * `out`, `dense0`, `dense1`. Source: Peebles & Xie 2022, figure 3; facebookresearch/DiT DiTBlock.
 *
 * With a context, tokens attend to it between the two, without a norm and through a layer that starts at zero. Parameters `cross`.
 * Source: Chen et al. 2023, PixArt-α, section 2.3.
 */
export function transformerBlock(scope: Scope, options: TransformerBlockOptions): TokenBlock {
  const { width, heads, hidden, context } = options;
  const modulation = modulated(scope, width, 6);
  const qkv = onTokens(dense(scope.child("qkv"), { in: width, out: 3 * width, init }));
  const out = onTokens(dense(scope.child("out"), { in: width, out: width, init }));
  const first = onTokens(dense(scope.child("dense0"), { in: width, out: hidden, init }));
  const second = onTokens(dense(scope.child("dense1"), { in: hidden, out: width, init }));
  const cross =
    context === undefined
      ? undefined
      : tokenAttention(scope.child("cross"), { width, heads, context, bias: true, outInit: zeroInit });
  return (run, x, embedded, seen) => {
    const [shift1, scale1, gate1, shift2, scale2, gate2] = modulation(run, embedded) as Six;
    const joint = qkv(run, modulate(x, shift1, scale1));
    const mixed = out(run, attend(splitQkv(joint, heads, "kinds")));
    const own: tf.Tensor3D = tf.add(x, tf.mul(gate1, mixed));
    const h: tf.Tensor3D = cross ? tf.add(own, cross(run, own, seen!)) : own;
    const y = second(run, geluTanh(first(run, modulate(h, shift2, scale2))));
    return tf.add(h, tf.mul(gate2, y));
  };
}

type Six = [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];

/** The last layer: a modulated norm and a projection that starts at zero. Parameters `modulation`, `dense`. */
export function transformerHead(
  scope: Scope,
  { width, out }: { readonly width: number; readonly out: number },
): TokenBlock {
  const modulation = modulated(scope, width, 2);
  const project = onTokens(dense(scope.child("dense"), { in: width, out, init: zeroInit }));
  return (run, x, embedded) => {
    const [shift, scale] = modulation(run, embedded) as [tf.Tensor3D, tf.Tensor3D];
    return project(run, modulate(x, shift, scale));
  };
}

/** `count` vectors per image, [B, 1, width] each. */
function modulated(
  scope: Scope,
  width: number,
  count: number,
): (run: Run, embedded: tf.Tensor2D) => tf.Tensor[] {
  const layer = dense(scope.child("modulation"), { in: width, out: count * width, init: zeroInit });
  return (run, embedded) => {
    const joint = layer(run, embedded);
    return tf.split(tf.reshape(joint, [joint.shape[0], 1, count * width]), count, 2);
  };
}

/** Layer norm over the numbers of each token, times 1 + scale, plus shift. */
function modulate(x: tf.Tensor3D, shift: tf.Tensor3D, scale: tf.Tensor3D): tf.Tensor3D {
  const centred = tf.sub(x, tf.mean(x, 2, true));
  const variance = tf.mean(tf.square(centred), 2, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-6)));
  return tf.add(tf.mul(normal, tf.add(1, scale)), shift);
}
