import * as tf from "@tensorflow/tfjs-core";
import { type KernelInit, torchInit } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";
import { matMulWithBias } from "./with-bias.ts";

/** Options of {@link dense}. */
export interface DenseOptions {
  readonly in: number;
  readonly out: number;
  /** true when left out. */
  readonly bias?: boolean;
  /** PyTorch's default when left out. */
  readonly init?: KernelInit;
}

/** Matrix product over the last axis, [N, in] → [N, out]. Parameters `kernel` [in, out], `bias` [out]. */
export function dense(scope: Scope, options: DenseOptions): Layer<tf.Tensor2D> {
  const { bias = true, init = torchInit } = options;
  const fans = { fanIn: options.in, fanOut: options.out };
  const kernel = scope.param("kernel", [options.in, options.out], init.kernel(fans));
  const shift = bias ? scope.param("bias", [options.out], init.bias(fans)) : undefined;
  return (run, x) => {
    const weights = kernel<tf.Tensor2D>(run);
    return shift ? matMulWithBias(x, weights, shift(run)) : tf.matMul(x, weights);
  };
}
