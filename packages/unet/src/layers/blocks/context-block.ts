import * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";
import type { Context } from "../attention/context.ts";
import { tokenAttention } from "../attention/token-attention.ts";
import { channelLayerNorm } from "../norms/channel-layer-norm.ts";
import { gatedMlp } from "./gated-mlp.ts";

/** Options of {@link contextBlock}. */
export interface ContextBlockOptions {
  readonly width: number;
  readonly heads: number;
  /** Width of the context's tokens. */
  readonly context: number;
  /** The first attention is to the context as well, all of its tokens seen. */
  readonly onlyContext?: boolean;
}

/**
 * Attention of tokens to each other, to a context, and a gated MLP, each after a layer norm and added to its input: [B, N, width]
 * in and out. Parameters `norm1`, `self`, `norm2`, `cross`, `norm3`, `mlp`.
 * Source: Rombach et al. 2022, appendix E.2.1; huggingface/diffusers BasicTransformerBlock.
 */
export function contextBlock(
  scope: Scope,
  { width, heads, context, onlyContext = false }: ContextBlockOptions,
): (run: Run, x: tf.Tensor3D, context: Context) => tf.Tensor3D {
  const norm = (name: string) => channelLayerNorm<tf.Tensor3D>(scope.child(name), { channels: width });
  const norm1 = norm("norm1");
  const first = tokenAttention(scope.child("self"), { width, heads, ...(onlyContext ? { context } : {}) });
  const norm2 = norm("norm2");
  const cross = tokenAttention(scope.child("cross"), { width, heads, context });
  const norm3 = norm("norm3");
  const mlp = gatedMlp(scope.child("mlp"), { width, hidden: 4 * width });
  return (run, x, context) => {
    const { tokens } = context;
    const h: tf.Tensor3D = tf.add(first(run, norm1(run, x), onlyContext ? { tokens } : undefined), x);
    const attended: tf.Tensor3D = tf.add(cross(run, norm2(run, h), context), h);
    return tf.add(mlp(run, norm3(run, attended)), attended);
  };
}
