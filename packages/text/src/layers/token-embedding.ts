import type { Initialiser, Run, Scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** Options of {@link tokenEmbedding}. */
export interface TokenEmbeddingOptions {
  readonly tokens: number;
  readonly width: number;
  readonly initial: Initialiser;
}

/**
 * One learned vector per token, ids [B, L] int32 → [B, L, width]. Parameter `table` [tokens, width].
 *
 * Its gradient is a product with one-hot rows: TensorFlow.js has none of a gather on some backends, and adds it up in no order on
 * others.
 */
export function tokenEmbedding(
  scope: Scope,
  { tokens, width, initial }: TokenEmbeddingOptions,
): (run: Run, ids: tf.Tensor2D) => tf.Tensor3D {
  const table = scope.param("table", [tokens, width], initial);
  return (run, ids) => {
    const [batch, length] = ids.shape;
    const rows = tf.reshape(ids, [batch * length]);
    const gathered = tf.customGrad((weights) => ({
      value: tf.gather(weights as tf.Tensor2D, rows),
      gradFunc: (dy: tf.Tensor) =>
        tf.matMul(tf.cast(tf.oneHot(rows, tokens), "float32") as tf.Tensor2D, dy as tf.Tensor2D, true),
    }));
    return tf.reshape(gathered(table<tf.Tensor2D>(run)), [batch, length, width]);
  };
}
