import * as tf from "@tensorflow/tfjs-core";
import { type Initialiser, normal } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";

/** Options of {@link labelEmbedding}. */
export interface LabelEmbeddingOptions {
  readonly classes: number;
  readonly width: number;
  /** A row more for "none" (label `classes`), which guidance needs; true when left out. */
  readonly none?: boolean;
  /** Normal with deviation 1 when left out. */
  readonly initial?: Initialiser;
}

/**
 * One learned vector per class, labels [B] int32 → [B, width]. Parameter `table` [classes (+ 1), width].
 *
 * A product with one-hot rows: the gradient of a gather is missing on some backends and unordered on others.
 * They are made as whole numbers and cast, since the wasm backend writes whole numbers whatever it is asked.
 * Without a row for "none", that label adds nothing.
 */
export function labelEmbedding(
  scope: Scope,
  { classes, width, none = true, initial = normal() }: LabelEmbeddingOptions,
): (run: Run, labels: tf.Tensor1D) => tf.Tensor2D {
  const rows = classes + (none ? 1 : 0);
  const table = scope.param("table", [rows, width], initial);
  return (run, labels) =>
    tf.matMul(tf.cast(tf.oneHot(labels, rows), "float32") as tf.Tensor2D, table<tf.Tensor2D>(run));
}
