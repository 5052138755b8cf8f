import type * as tf from "@tensorflow/tfjs-core";
import type { KernelInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";
import { silu } from "../activations/silu.ts";
import { dense } from "../linear/dense.ts";

/** Options of {@link vectorMlp}. */
export interface VectorMlpOptions {
  readonly in: number;
  readonly hidden: number;
  /** Like `hidden` when left out. */
  readonly out?: number;
  /** Between the two dense layers; SiLU when left out. */
  readonly activation?: (x: tf.Tensor2D) => tf.Tensor2D;
  readonly init?: KernelInit;
}

/** dense → activation → dense, [B, in] → [B, out]. Parameters `dense0` and `dense1`. */
export function vectorMlp(scope: Scope, options: VectorMlpOptions): Layer<tf.Tensor2D> {
  const { hidden, out = hidden, activation = silu } = options;
  const init = options.init ? { init: options.init } : {};
  const first = dense(scope.child("dense0"), { in: options.in, out: hidden, ...init });
  const second = dense(scope.child("dense1"), { in: hidden, out, ...init });
  return (run, x) => second(run, activation(first(run, x)));
}
