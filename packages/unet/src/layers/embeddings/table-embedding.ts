import * as tf from "@tensorflow/tfjs-core";
import { fixed } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";

/** Options of {@link tableEmbedding}. */
export interface TableEmbeddingOptions {
  readonly steps: number;
  readonly width: number;
  /** Rows of the table, [steps, width] row-major. */
  readonly values: Float32Array;
}

/**
 * A row of a fixed table per image, [B] → [B, width]: the step nearest to the noise. Parameter `table`, not
 * trained. A noise outside 0 … steps − 1 gives zeros.
 */
export function tableEmbedding(
  scope: Scope,
  { steps, width, values }: TableEmbeddingOptions,
): (t: tf.Tensor1D, run: Run) => tf.Tensor2D {
  const table = scope.param("table", [steps, width], fixed(values), { trainable: false });
  return (t, run) => {
    const row = tf.cast(tf.oneHot(tf.cast(tf.round(t), "int32"), steps), "float32");
    return tf.matMul(row as tf.Tensor2D, table<tf.Tensor2D>(run));
  };
}
