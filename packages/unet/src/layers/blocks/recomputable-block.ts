import type * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";
import { type Context, contextFrom, contextTensors } from "../attention/context.ts";
import { recomputable } from "./recompute.ts";

/** Features of any rank, an embedding, and a context where the block attends to one. */
type Block<T extends tf.Tensor> = (run: Run, x: T, embedded: tf.Tensor2D, context?: Context) => T;

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
    return (run, [embedded, x, ...context]) =>
      block(run, x as T, embedded as tf.Tensor2D, contextFrom(context)) as unknown as tf.Tensor4D;
  });
  return (run, x, embedded, context) => part(run, [embedded, x, ...contextTensors(context)]) as unknown as T;
}
