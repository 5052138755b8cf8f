import { fail } from "@ddpm/core";
import { normalTail } from "./normal-tail.ts";

/** Whether numbers of one kind tend to be smaller than those of another. */
export interface MannWhitney {
  /** Pairs (a, b) with a above b, ties counting half. */
  readonly u: number;
  /** U in standard deviations from what chance gives: below 0 when the a are smaller. */
  readonly z: number;
  /** How often chance alone makes the a this small or smaller (one-sided). */
  readonly p: number;
  /** The probability that an a is above a b; 0.5 when nothing differs. */
  readonly probability: number;
}

/**
 * The Mann–Whitney test of "a is smaller than b", normal approximation with the correction for ties.
 *
 * Source: Mann and Whitney 1947; ties as in Hollander and Wolfe 1999, eq. 4.15.
 *
 * @throws DdpmError for fewer than 8 of either, where the approximation is no good
 */
export function mannWhitney(a: ArrayLike<number>, b: ArrayLike<number>): MannWhitney {
  const [m, n] = [a.length, b.length];
  if (Math.min(m, n) < 8)
    fail("metrics/mann-whitney", `${m} and ${n} numbers given, expected at least 8 of each.`);
  const all = Float64Array.from({ length: m + n }, (_, i) => (i < m ? a[i]! : b[i - m]!));
  const order = Uint32Array.from(all, (_, i) => i).sort((i, j) => all[i]! - all[j]!);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && all[order[to]!] === all[order[from]!]) to++;
    const size = to - from;
    ties += size ** 3 - size;
    for (let i = from; i < to; i++) if (order[i]! < m) rankSum += (from + 1 + to) / 2;
    from = to;
  }
  const u = rankSum - (m * (m + 1)) / 2;
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  const z = variance > 0 ? (u - (m * n) / 2) / Math.sqrt(variance) : 0;
  return { u, z, p: normalTail(-z), probability: u / (m * n) };
}
