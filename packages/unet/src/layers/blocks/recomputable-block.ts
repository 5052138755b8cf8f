import type * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";
import { recomputable } from "./recompute.ts";

/** Features of any rank, and an embedding. */
type Block<T extends tf.Tensor> = (run: Run, x: T, embedded: tf.Tensor2D) => T;

/**
 * A block whose intermediate results are recomputed for the gradient where the mode asks for it; see
 * {@link recomputable}.
 *
 * @param scope any scope of the network
 * @param make  declares the block's parameters
 */
export function recomputableBlock<T extends tf.Tensor>(scope: Scope, make: () => Block<T>): Block<T> {
  const part = recomputable(scope, () => {
    const block = make();
    return (run, [embedded, x]) => block(run, x as T, embedded as tf.Tensor2D) as unknown as tf.Tensor4D;
  });
  return (run, x, embedded) => part(run, [embedded, x]) as unknown as T;
}
