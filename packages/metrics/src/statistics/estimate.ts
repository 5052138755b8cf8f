import { fail } from "@ddpm/core";
import { studentQuantile } from "./student.ts";

/** A measured number with its error. */
export interface Estimate {
  /** Name of the metric, e.g. `kid`. */
  readonly metric: string;
  /** Settings that change its meaning, e.g. `{ blocks: 20 }`; estimates with different settings are not compared. */
  readonly settings?: Readonly<Record<string, number | string>>;
  readonly value: number;
  /** One standard deviation of the value over draws of the images. */
  readonly standardError?: number;
  /** 95 % confidence interval. */
  readonly interval?: readonly [low: number, high: number];
  /** Number of images; of generated ones where two sets are compared. */
  readonly count: number;
  /** Number of real images, where two sets are compared. */
  readonly realCount?: number;
  /** Fingerprint of the extractor: estimates of different extractors are not compared. */
  readonly of: string;
}

/** An {@link Estimate} without its numbers: what is estimated, from how many images. */
export type Subject = Pick<Estimate, "metric" | "settings" | "count" | "realCount" | "of">;

/**
 * An estimate with Student's confidence interval.
 *
 * @param freedom degrees of freedom of the standard error
 */
export function studentEstimate(
  subject: Subject,
  value: number,
  standardError: number,
  freedom: number,
): Estimate {
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
  return studentEstimate(subject, mean, Math.sqrt(square / (n - 1) / n), n - 1);
}

/**
 * A share of independent trials, with Wilson's interval, which stays within [0, 1].
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

/**
 * The ratio of two sums over independent images, with the standard error of a ratio estimator and Student's interval, cut at 0 and 1:
 * the share of hits where an image has several trials that depend on each other.
 *
 * Source: Cochran 1977, "Sampling Techniques", eq. 6.13.
 *
 * @param hits   of each image
 * @param trials of each image; images without any do not count
 */
export function ratioEstimate(
  subject: Subject,
  hits: readonly number[],
  trials: readonly number[],
): Estimate {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const n = trials.filter((count) => count > 0).length;
  if (n < 2) fail(`metrics/${subject.metric}`, `${n} images, expected at least 2.`);
  const all = sum(trials);
  const ratio = sum(hits) / all;
  const squares = sum(hits.map((hit, i) => (hit - ratio * trials[i]!) ** 2));
  const estimate = studentEstimate(subject, ratio, Math.sqrt((squares * n) / (n - 1)) / all, n - 1);
  const [low, high] = estimate.interval!;
  return { ...estimate, interval: [Math.max(0, low), Math.min(1, high)] };
}
