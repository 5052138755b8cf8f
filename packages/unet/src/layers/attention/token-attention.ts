import type * as tf from "@tensorflow/tfjs-core";
import type { KernelInit } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";
import { dense } from "../linear/dense.ts";
import { onTokens } from "../linear/on-tokens.ts";
import { attend, splitHeads } from "./attention.ts";
import type { Context } from "./context.ts";

/** Options of {@link tokenAttention}. */
export interface TokenAttentionOptions {
  readonly width: number;
  readonly heads: number;
  /** Numbers per head; width / heads when left out. */
  readonly headWidth?: number;
  /** Width of the context's tokens; `width` when left out. */
  readonly context?: number;
  /** Of queries, keys and values; false when left out. */
  readonly bias?: boolean;
  /** Initial values of the projection out; those of a dense layer when left out. */
  readonly outInit?: KernelInit;
}

/**
 * Attention of every token to those of a context, or to each other: [B, N, width] in and out. Parameters `q`, `k`, `v` and,
 * with bias, `out`. Source: Vaswani et al. 2017, section 3.2.2; Rombach et al. 2022, section 3.3.
 */
export function tokenAttention(
  scope: Scope,
  { width, heads, headWidth = width / heads, context = width, bias = false, outInit }: TokenAttentionOptions,
): (run: Run, x: tf.Tensor3D, context?: Context) => tf.Tensor3D {
  const inner = heads * headWidth;
  const q = onTokens(dense(scope.child("q"), { in: width, out: inner, bias }));
  const k = onTokens(dense(scope.child("k"), { in: context, out: inner, bias }));
  const v = onTokens(dense(scope.child("v"), { in: context, out: inner, bias }));
  const out = onTokens(
    dense(scope.child("out"), { in: inner, out: width, ...(outInit ? { init: outInit } : {}) }),
  );
  return (run, x, { tokens, bias } = { tokens: x }) => {
    const split = (y: tf.Tensor3D): tf.Tensor4D => splitHeads(y, heads);
    return out(
      run,
      attend({ q: split(q(run, x)), k: split(k(run, tokens)), v: split(v(run, tokens)), bias }),
    );
  };
}
