import type * as tf from "@tensorflow/tfjs-core";
import type { KernelInit } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";
import { silu } from "../activations/silu.ts";
import { dense } from "../linear/dense.ts";

/** Options of {@link timeMlp}. */
export interface TimeMlpOptions {
  /** Turns the noise level, [B], into columns, [B, in]. */
  readonly embed: (t: tf.Tensor1D, run: Run) => tf.Tensor2D;
  readonly in: number;
  readonly hidden: number;
  /** Like `hidden` when left out. */
  readonly out?: number;
  /** Between the two dense layers; SiLU when left out. */
  readonly activation?: (x: tf.Tensor2D) => tf.Tensor2D;
  readonly init?: KernelInit;
}

/**
 * The embedding of the noise level: columns → dense → activation → dense, [B] → [B, out].
 * Parameters `dense0` and `dense1`. Source: Ho et al. 2020, appendix B.
 */
export function timeMlp(scope: Scope, options: TimeMlpOptions): (run: Run, t: tf.Tensor1D) => tf.Tensor2D {
  const { embed, hidden, out = hidden, activation = silu } = options;
  const init = options.init ? { init: options.init } : {};
  const first = dense(scope.child("dense0"), { in: options.in, out: hidden, ...init });
  const second = dense(scope.child("dense1"), { in: hidden, out, ...init });
  return (run, t) => second(run, activation(first(run, embed(t, run))));
}
