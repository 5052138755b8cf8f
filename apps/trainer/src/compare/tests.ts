import { difference, type Estimate } from "@ddpm/metrics";

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
 * the other, both from the same noise, so that what is common to both cancels. Normal approximation; of all the tests
 * together at most one in twenty is to find something where nothing is (Holm's correction).
 *
 * Source: Holm 1979.
 *
 * @param each per setting what every image adds, [n], n the same for all
 * @param of   fingerprint of the extractor
 */
export function testAll(each: readonly Float64Array[], of: string): Tested[] {
  const raw = each.flatMap((a, i) =>
    each.slice(i + 1).map((b, j) => ({ a: i, b: i + 1 + j, ...paired(a, b, of) })),
  );
  const order = raw.map((_, i) => i).sort((i, j) => raw[i]!.p - raw[j]!.p);
  const adjusted = new Float64Array(raw.length);
  let most = 0;
  for (const [rank, i] of order.entries()) {
    most = Math.max(most, Math.min(1, raw[i]!.p * (raw.length - rank)));
    adjusted[i] = most;
  }
  return raw.map((one, i) => ({ ...one, adjusted: adjusted[i]!, significant: adjusted[i]! < LEVEL }));
}

function paired(
  a: Float64Array,
  b: Float64Array,
  of: string,
): { readonly value: number; readonly standardError: number; readonly p: number } {
  const n = a.length;
  const apart = b.map((value, k) => value - a[k]!);
  const value = apart.reduce((sum, one) => sum + one / n, 0);
  const square = apart.reduce((sum, one) => sum + (one - value) ** 2, 0);
  const standardError = Math.sqrt(square / (n - 1) / n);
  const about = (mean: number, error: number): Estimate => ({
    metric: "difference",
    value: mean,
    standardError: error,
    count: n,
    of,
  });
  const { p } = difference(about(0, 0), about(value, standardError));
  return { value, standardError, p };
}

/** The test of two settings, whichever came first. */
export function testOf(tests: readonly Tested[], i: number, j: number): Tested | undefined {
  return tests.find(({ a, b }) => (a === i && b === j) || (a === j && b === i));
}
