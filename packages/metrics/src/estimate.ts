import { fail } from "@ddpm/core";
import { studentQuantile } from "./statistics/student-quantile.ts";

/** A number that knows how sure it is. */
export interface Estimate {
  /** What was measured, with the settings that change its meaning, e.g. `kid/20-blocks`. */
  readonly metric: string;
  readonly value: number;
  /** How far the value moves from one draw of images to the next (one standard deviation). */
  readonly standardError?: number;
  /** 95 % of such intervals hold what the value estimates. */
  readonly interval?: readonly [low: number, high: number];
  /** Images it rests on: generated ones where two sets are compared. */
  readonly count: number;
  /** Real images, where two sets are compared. */
  readonly realCount?: number;
  /** Fingerprint of the extractor: estimates of different extractors are never compared. */
  readonly of: string;
}

/** What an {@link Estimate} is about. */
export type Subject = Pick<Estimate, "metric" | "count" | "realCount" | "of">;

/**
 * An estimate with a Student interval.
 *
 * @param freedom degrees of freedom behind the standard error
 */
export function estimate(subject: Subject, value: number, standardError: number, freedom: number): Estimate {
  const reach = studentQuantile(freedom) * standardError;
  return { ...subject, value, standardError, interval: [value - reach, value + reach] };
}

/**
 * The mean of independent numbers, with its standard error.
 *
 * @throws DdpmError for fewer than two numbers
 */
export function meanEstimate(subject: Subject, values: ArrayLike<number>): Estimate {
  const n = values.length;
  if (n < 2) fail(`metrics/${subject.metric}`, `${n} independent numbers given, expected at least 2.`);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (values[i]! - mean) ** 2;
  return estimate(subject, mean, Math.sqrt(square / (n - 1) / n), n - 1);
}

/**
 * A share of independent trials, with Wilson's interval, which stays within [0, 1] and is right at both ends.
 *
 * Source: Wilson 1927.
 */
export function shareEstimate(subject: Subject, hits: number, trials: number): Estimate {
  const z = 1.959963984540054;
  const share = hits / trials;
  const middle = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const reach =
    (z / (1 + (z * z) / trials)) *
    Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return {
    ...subject,
    value: share,
    standardError: Math.sqrt((share * (1 - share)) / trials),
    interval: [hits === 0 ? 0 : middle - reach, hits === trials ? 1 : middle + reach],
  };
}
