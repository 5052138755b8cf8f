import type * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";
import { type VectorMlpOptions, vectorMlp } from "./vector-mlp.ts";

/** Options of {@link timeMlp}. */
export interface TimeMlpOptions extends VectorMlpOptions {
  /** Turns the noise level, [B], into columns, [B, in]. */
  readonly embed: (t: tf.Tensor1D, run: Run) => tf.Tensor2D;
}

/**
 * The embedding of the noise level: columns → dense → activation → dense, [B] → [B, out].
 * Parameters `dense0` and `dense1`. Source: Ho et al. 2020, appendix B.
 */
export function timeMlp(
  scope: Scope,
  { embed, ...options }: TimeMlpOptions,
): (run: Run, t: tf.Tensor1D) => tf.Tensor2D {
  const mlp = vectorMlp(scope, options);
  return (run, t) => mlp(run, embed(t, run));
}
