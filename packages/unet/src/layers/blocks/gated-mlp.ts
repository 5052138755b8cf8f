import * as tf from "@tensorflow/tfjs-core";
import type { Layer, Scope } from "../../scope.ts";
import { gelu } from "../activations/gelu.ts";
import { dense } from "../linear/dense.ts";
import { onTokens } from "../linear/on-tokens.ts";

/**
 * dense1(value · gelu(gate)) with [value ‖ gate] = dense0(x), [B, N, width] in and out. Parameters `dense0`, `dense1`.
 * Source: Shazeer 2020, "GLU Variants Improve Transformer", eq. 6 (GEGLU).
 */
export function gatedMlp(
  scope: Scope,
  { width, hidden }: { readonly width: number; readonly hidden: number },
): Layer<tf.Tensor3D> {
  const first = onTokens(dense(scope.child("dense0"), { in: width, out: 2 * hidden }));
  const second = onTokens(dense(scope.child("dense1"), { in: hidden, out: width }));
  return (run, x) => {
    const [value, gate] = tf.split(first(run, x), 2, 2) as [tf.Tensor3D, tf.Tensor3D];
    return second(run, tf.mul(value, gelu(gate)));
  };
}
