import type { Condition } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** The parts of `condition.vector` by name, [B, N] each. */
export type VectorParts = Readonly<Record<string, tf.Tensor2D>>;

/** Cuts `condition.vector` into its parts; zeros where it was not given. */
export function vectorPartsOf(
  sizes: Readonly<Record<string, number>>,
  { vector }: Condition,
  batch: number,
): VectorParts {
  const names = Object.keys(sizes);
  const counts = Object.values(sizes);
  if (names.length === 0) return {};
  const given = vector ?? tf.zeros<tf.Rank.R2>([batch, counts.reduce((a, b) => a + b)]);
  const parts = names.length === 1 ? [given] : (tf.split(given, counts, 1) as tf.Tensor2D[]);
  return Object.fromEntries(names.map((name, i) => [name, parts[i]!]));
}
