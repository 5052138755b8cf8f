import {
  channelLayerNorm,
  dense,
  type KernelInit,
  normal,
  onTokens,
  type Run,
  type Scope,
  zeros,
} from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { tokenAttention } from "./token-attention.ts";

/** Options of {@link transformerLayer}. */
export interface TransformerLayerOptions {
  readonly width: number;
  readonly heads: number;
  readonly hidden: number;
  readonly act: <T extends tf.Tensor>(x: T) => T;
  readonly eps: number;
}

/**
 * Attention and an MLP, each after a norm and added to its input, [B, L, width] in and out. Parameters `norm1`, `attention`,
 * `norm2`, `dense0`, `dense1`.
 */
export function transformerLayer(
  scope: Scope,
  { width, heads, hidden, act, eps }: TransformerLayerOptions,
): (run: Run, x: tf.Tensor3D, bias: tf.Tensor) => tf.Tensor3D {
  const norm1 = channelLayerNorm<tf.Tensor3D>(scope.child("norm1"), { channels: width, eps });
  const attention = tokenAttention(scope.child("attention"), { width, heads });
  const norm2 = channelLayerNorm<tf.Tensor3D>(scope.child("norm2"), { channels: width, eps });
  const first = onTokens(dense(scope.child("dense0"), { in: width, out: hidden, init: normalKernels(0.02) }));
  const second = onTokens(
    dense(scope.child("dense1"), { in: hidden, out: width, init: normalKernels(0.02) }),
  );
  return (run, x, bias) => {
    const h: tf.Tensor3D = tf.add(x, attention(run, norm1(run, x), bias));
    return tf.add(h, second(run, act(first(run, norm2(run, h)))));
  };
}

/** Initial values of a dense layer: normal kernels, biases 0. */
export function normalKernels(deviation: number): KernelInit {
  return { kernel: () => normal(deviation), bias: () => zeros };
}
