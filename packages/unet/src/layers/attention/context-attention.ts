import * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";
import { groupNorm } from "../norms/group-norm.ts";
import type { Context } from "./context.ts";
import { toImages, toPixelRows } from "./pixels.ts";
import { tokenAttention } from "./token-attention.ts";

/** Options of {@link contextAttention}. */
export interface ContextAttentionOptions {
  readonly channels: number;
  /** Of the norm. */
  readonly groups: number;
  readonly eps?: number;
  readonly heads: number;
  /** Width of the context's tokens. */
  readonly context: number;
}

/**
 * Group norm, attention of every pixel to the tokens of a context, projection, plus the input: [B, H, W, C] in and out. Parameters
 * `norm`, `q`, `k`, `v`, `out`. Source: Rombach et al. 2022, section 3.3.
 */
export function contextAttention(
  scope: Scope,
  { channels, groups, eps, heads, context }: ContextAttentionOptions,
): (run: Run, x: tf.Tensor4D, context: Context) => tf.Tensor4D {
  const norm = groupNorm(scope.child("norm"), { channels, groups, ...(eps === undefined ? {} : { eps }) });
  const attend = tokenAttention(scope, { width: channels, heads, context });
  return (run, x, given) => tf.add(x, toImages(attend(run, toPixelRows(norm(run, x)), given), x));
}
