import { mean } from "@ddpm/core/authoring";
import { studentTails } from "./student.ts";

/** The test of two settings. */
export interface PairedTest {
  /** Number of the first setting. */
  readonly a: number;
  /** Number of the second setting. */
  readonly b: number;
  /** b − a */
  readonly value: number;
  readonly standardError: number;
  /** p-value of this test alone. */
  readonly p: number;
  /** p-value with Holm's correction over all pairs. */
  readonly adjusted: number;
  /** Whether the adjusted p-value is below 0.05. */
  readonly significant: boolean;
}

const LEVEL = 0.05;

/**
 * Tests all pairs of settings by what each image contributes to a metric. Image k of one setting is compared with image k
 * of the other, both drawn from the same noise, so that what is common to both cancels. The probability of any false
 * finding among all tests is at most 5 % (Holm's correction).
 *
 * Source: Student 1908 for pairs; Holm 1979.
 *
 * @param contributions per setting the contribution of each image, [n], n the same for all
 */
export function pairedTests(contributions: readonly Float64Array[]): PairedTest[] {
  return testPairs(contributions.length, (i, j) => {
    const n = contributions[i]!.length;
    const differences = contributions[j]!.map((value, k) => value - contributions[i]![k]!);
    const value = mean(differences);
    const square = differences.reduce((sum, one) => sum + (one - value) ** 2, 0);
    return { value, standardError: Math.sqrt(square / (n - 1) / n), freedom: n - 1 };
  });
}

/** Means and residual variance of settings trained with the same seeds. */
export interface RandomisedBlocks {
  /** Mean over seeds of each setting. */
  readonly means: readonly number[];
  /** Variance of one training around its setting and its seed. */
  readonly variance: number;
  /** Degrees of freedom of the variance. */
  readonly freedom: number;
}

/**
 * Separates the effect of seeds, which all settings share, from the variance of a single training, which is pooled over
 * all settings.
 *
 * Source: Fisher 1935, chapter 4 (randomised blocks).
 *
 * @param values per setting a metric for each seed, at least two of both, the same seeds in the same order for all
 */
export function randomisedBlocks(values: readonly (readonly number[])[]): RandomisedBlocks {
  const means = values.map(mean);
  const seedMeans = values[0]!.map((_, s) => mean(values.map((row) => row[s]!)));
  const overall = mean(means);
  const freedom = (values.length - 1) * (seedMeans.length - 1);
  const square = values.reduce(
    (sum, row, i) =>
      row.reduce((rest, value, s) => rest + (value - means[i]! - seedMeans[s]! + overall) ** 2, sum),
    0,
  );
  return { means, variance: square / freedom, freedom };
}

/**
 * Tests all pairs of settings that were trained with the same seeds, by {@link randomisedBlocks}.
 *
 * @param values per setting a metric for each seed, [seeds]
 */
export function seedTests(values: readonly (readonly number[])[]): PairedTest[] {
  const { means, variance, freedom } = randomisedBlocks(values);
  const standardError = Math.sqrt((2 * variance) / values[0]!.length);
  return testPairs(means.length, (i, j) => ({ value: means[j]! - means[i]!, standardError, freedom }));
}

/** The test of settings i and j, in either order. */
export function testOf(tests: readonly PairedTest[], i: number, j: number): PairedTest | undefined {
  return tests.find(({ a, b }) => (a === i && b === j) || (a === j && b === i));
}

interface Difference {
  readonly value: number;
  readonly standardError: number;
  readonly freedom: number;
}

/** Every pair once, with Holm's correction over all of them. */
function testPairs(count: number, difference: (i: number, j: number) => Difference): PairedTest[] {
  const raw = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count - i - 1 }, (_, k) => {
      const { value, standardError, freedom } = difference(i, i + 1 + k);
      return { a: i, b: i + 1 + k, value, standardError, p: pValue(value, standardError, freedom) };
    }),
  ).flat();
  const order = raw.map((_, i) => i).sort((i, j) => raw[i]!.p - raw[j]!.p);
  const adjusted = new Float64Array(raw.length);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, raw[i]!.p * (raw.length - rank)));
    adjusted[i] = largest;
  }
  return raw.map((one, i) => ({ ...one, adjusted: adjusted[i]!, significant: adjusted[i]! < LEVEL }));
}

function pValue(value: number, standardError: number, freedom: number): number {
  if (standardError === 0) return value === 0 ? 1 : 0;
  return studentTails(Math.abs(value) / standardError, freedom);
}
