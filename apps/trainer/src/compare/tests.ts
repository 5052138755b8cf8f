import { studentTails } from "@ddpm/metrics";

/** Two settings, and how sure it is that one is nearer to the data. */
export interface Tested {
  readonly a: number;
  readonly b: number;
  /** b − a */
  readonly value: number;
  readonly standardError: number;
  /** As if this were the only test. */
  readonly p: number;
  /** Holm's: with all tests of its family in mind. */
  readonly adjusted: number;
  readonly significant: boolean;
}

/** Below this, after Holm's correction, a difference counts. */
const LEVEL = 0.05;

/**
 * Compares all settings with each other by what single images add to a measure: image k of one is set against image k of
 * the other, both from the same noise, so that what is common to both cancels. Of all the tests together at most one in
 * twenty is to find something where nothing is (Holm's correction).
 *
 * Source: Student 1908 for pairs; Holm 1979.
 *
 * @param each per setting what every image adds, [n], n the same for all
 */
export function testAll(each: readonly Float64Array[]): Tested[] {
  return ofPairs(each.length, (i, j) => {
    const n = each[i]!.length;
    const apart = each[j]!.map((value, k) => value - each[i]![k]!);
    const value = mean(apart);
    const square = apart.reduce((sum, one) => sum + (one - value) ** 2, 0);
    return { value, standardError: Math.sqrt(square / (n - 1) / n), freedom: n - 1 };
  });
}

/** What settings that were trained with the same seeds come to. */
export interface Blocks {
  /** Mean over seeds of each setting. */
  readonly means: readonly number[];
  /** Of one training, beside what its setting and its seed do. */
  readonly variance: number;
  readonly freedom: number;
}

/**
 * Takes out what a seed adds to all settings alike: what is left is what another training would change. It is pooled over
 * all settings, since one of them has too few seeds to tell.
 *
 * Source: Fisher 1935, chapter 4 (randomised blocks).
 *
 * @param values per setting a measure for each seed, at least two of both, the same seeds in the same order for all
 */
export function blocksOf(values: readonly (readonly number[])[]): Blocks {
  const means = values.map(mean);
  const ofSeed = values[0]!.map((_, s) => mean(values.map((row) => row[s]!)));
  const overall = mean(means);
  const freedom = (values.length - 1) * (ofSeed.length - 1);
  const square = values.reduce(
    (sum, row, i) => row.reduce((of, value, s) => of + (value - means[i]! - ofSeed[s]! + overall) ** 2, sum),
    0,
  );
  return { means, variance: square / freedom, freedom };
}

/**
 * Compares settings that were trained with the same seeds, by {@link blocksOf}.
 *
 * @param values per setting a measure for each seed, [seeds]
 */
export function testRepeats(values: readonly (readonly number[])[]): Tested[] {
  const { means, variance, freedom } = blocksOf(values);
  const standardError = Math.sqrt((2 * variance) / values[0]!.length);
  return ofPairs(means.length, (i, j) => ({ value: means[j]! - means[i]!, standardError, freedom }));
}

/** The test of two settings, whichever came first. */
export function testOf(tests: readonly Tested[], i: number, j: number): Tested | undefined {
  return tests.find(({ a, b }) => (a === i && b === j) || (a === j && b === i));
}

interface Difference {
  readonly value: number;
  readonly standardError: number;
  readonly freedom: number;
}

/** Every pair once, with Holm's correction over all of them. */
function ofPairs(count: number, difference: (i: number, j: number) => Difference): Tested[] {
  const raw = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count - i - 1 }, (_, k) => {
      const { value, standardError, freedom } = difference(i, i + 1 + k);
      return { a: i, b: i + 1 + k, value, standardError, p: chanceOf(value, standardError, freedom) };
    }),
  ).flat();
  const order = raw.map((_, i) => i).sort((i, j) => raw[i]!.p - raw[j]!.p);
  const adjusted = new Float64Array(raw.length);
  let most = 0;
  for (const [rank, i] of order.entries()) {
    most = Math.max(most, Math.min(1, raw[i]!.p * (raw.length - rank)));
    adjusted[i] = most;
  }
  return raw.map((one, i) => ({ ...one, adjusted: adjusted[i]!, significant: adjusted[i]! < LEVEL }));
}

function chanceOf(value: number, standardError: number, freedom: number): number {
  if (standardError === 0) return value === 0 ? 1 : 0;
  return studentTails(Math.abs(value) / standardError, freedom);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! / values.length;
  return sum;
}
