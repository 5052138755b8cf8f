import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** A number from the host and what it multiplies. */
export type Term = readonly [coefficient: number, tensor: Tensor];

/**
 * Σ coefficient · tensor. Coefficients of one tensor are added first.
 *
 * Coefficients are computed in float64 and enter as scalar tensors, never as attributes of a kernel: so the steps of
 * a sampler are the same graph with other inputs, and a backend that records graphs meets only one of them.
 *
 * @param terms at least one; tensors [B, …, C], or shapes that broadcast to it
 * @returns a new tensor
 */
export function combine(...terms: readonly Term[]): Tensor {
  const sums = new Map<Tensor, number>();
  for (const [coefficient, tensor] of terms) sums.set(tensor, (sums.get(tensor) ?? 0) + coefficient);
  const scaled = Array.from(sums, ([tensor, sum]): Tensor => tf.mul(tensor, tf.scalar(sum)));
  return scaled.reduce((total, term) => tf.add(total, term));
}
