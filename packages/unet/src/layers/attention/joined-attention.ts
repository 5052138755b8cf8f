import * as tf from "@tensorflow/tfjs-core";
import type { Layer, Run, Scope } from "../../scope.ts";
import { dense } from "../linear/dense.ts";
import { onTokens } from "../linear/on-tokens.ts";
import { groupNorm } from "../norms/group-norm.ts";
import { attend, splitHeads } from "./attention.ts";
import type { Context } from "./context.ts";
import { toImages, toPixelRows } from "./pixels.ts";

/** Options of {@link joinedAttention}. */
export interface JoinedAttentionOptions {
  readonly channels: number;
  readonly groups: number;
  readonly heads: number;
  readonly headWidth: number;
  /** Width of the context's tokens. */
  readonly context: number;
  /** Pixels attend to the context alone. */
  readonly onlyContext: boolean;
  /** A norm of the context's tokens; none when left out. */
  readonly contextNorm?: ((scope: Scope) => Layer<tf.Tensor3D>) | undefined;
}

/** Images and a context, images out. */
export type ContextAttention = (run: Run, x: tf.Tensor4D, context: Context) => tf.Tensor4D;

/**
 * Group norm, attention of every pixel to the context's tokens and the pixels together, plus the input: [B, H, W, C] in and out.
 * Parameters `norm`, `q`, `k`, `v`, `contextK`, `contextV`, `out`. Source: Nichol et al. 2021, GLIDE, section 4.1; huggingface/diffusers
 * AttnAddedKVProcessor.
 */
export function joinedAttention(scope: Scope, options: JoinedAttentionOptions): ContextAttention {
  const { channels, groups, heads, headWidth, context, onlyContext } = options;
  const inner = heads * headWidth;
  const norm = groupNorm(scope.child("norm"), { channels, groups });
  const contextNorm = options.contextNorm?.(scope.child("contextNorm"));
  const project = (name: string, from: number): Layer<tf.Tensor3D> =>
    onTokens(dense(scope.child(name), { in: from, out: inner }));
  const q = project("q", channels);
  const own = onlyContext ? undefined : { k: project("k", channels), v: project("v", channels) };
  const [contextK, contextV] = [project("contextK", context), project("contextV", context)];
  const out = onTokens(dense(scope.child("out"), { in: inner, out: channels }));
  return (run, x, { tokens, bias }) => {
    const pixels = toPixelRows(norm(run, x));
    const seen = contextNorm ? contextNorm(run, tokens) : tokens;
    const joined = (of: Layer<tf.Tensor3D>, and?: Layer<tf.Tensor3D>): tf.Tensor4D =>
      splitHeads(and ? tf.concat([of(run, seen), and(run, pixels)], 1) : of(run, seen), heads);
    const mixed = attend({
      q: splitHeads(q(run, pixels), heads),
      k: joined(contextK, own?.k),
      v: joined(contextV, own?.v),
      bias:
        bias && own
          ? tf.pad(bias, [
              [0, 0],
              [0, 0],
              [0, 0],
              [0, pixels.shape[1]],
            ])
          : bias,
    });
    return tf.add(x, toImages(out(run, mixed), x));
  };
}
