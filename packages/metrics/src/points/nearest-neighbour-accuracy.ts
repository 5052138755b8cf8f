import { fail } from "@ddpm/core";
import type { CloudDistances } from "./chamfer.ts";

/** Distances within and between two sets of clouds. */
export interface TwoSetDistances {
  /** Of the real clouds to each other. */
  readonly real: CloudDistances;
  /** Of the real clouds (rows) to the generated ones (columns). */
  readonly between: CloudDistances;
  /** Of the generated clouds to each other. */
  readonly generated: CloudDistances;
}

/** How well the nearest neighbours separate real clouds from generated ones. */
export interface NeighbourAccuracy {
  /** Share of all clouds classified correctly: 0.5 where the sets have one distribution, 1 where they do not overlap. */
  readonly accuracy: number;
  /** Real clouds classified as real, and as generated. */
  readonly realAsReal: number;
  readonly realAsGenerated: number;
  /** Generated clouds classified as real, and as generated. */
  readonly generatedAsReal: number;
  readonly generatedAsGenerated: number;
}

/**
 * Leave-one-out accuracy of a k-nearest-neighbour classifier of real and generated clouds; ties of the vote count as
 * real, and of two clouds at one distance the real one counts as nearer.
 *
 * Source: Lopez-Paz & Oquab 2017; Yang et al. 2019 (PointFlow), eq. 12.
 *
 * @param k neighbours that vote; 1 when left out
 * @throws DdpmError for fewer than k other clouds
 */
export function neighbourAccuracy(distances: TwoSetDistances, k = 1): NeighbourAccuracy {
  const { real, between, generated } = distances;
  const [m, n] = [real.rows, generated.rows];
  const fits = between.rows === m && between.columns === n && k >= 1 && k < m + n;
  if (!fits) {
    fail(
      "metrics/nearest-neighbour-accuracy",
      `${k} neighbours among ${m} real and ${n} generated clouds, ${between.rows} × ${between.columns} distances between them.`,
      "Give distances of the same clouds, and fewer neighbours than clouds.",
    );
  }
  const distance = (i: number, j: number): number => {
    if (i < m) return j < m ? real.data[i * m + j]! : between.data[i * n + j - m]!;
    return j < m ? between.data[j * n + i - m]! : generated.data[(i - m) * n + j - m]!;
  };
  const asReal = (i: number): boolean => {
    const others = Array.from({ length: m + n }, (_, j) => j).filter((j) => j !== i);
    others.sort((a, b) => distance(i, a) - distance(i, b) || a - b);
    return others.slice(0, k).filter((j) => j < m).length >= k / 2;
  };
  const predicted = Array.from({ length: m + n }, (_, i) => asReal(i));
  const realAsReal = predicted.slice(0, m).filter(Boolean).length;
  const generatedAsReal = predicted.slice(m).filter(Boolean).length;
  return {
    accuracy: (realAsReal + n - generatedAsReal) / (m + n),
    ...{ realAsReal, realAsGenerated: m - realAsReal },
    ...{ generatedAsReal, generatedAsGenerated: n - generatedAsReal },
  };
}
