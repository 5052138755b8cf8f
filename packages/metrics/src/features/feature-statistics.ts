import { fail } from "@ddpm/core";
import { rowProducts } from "../linear/row-products.ts";
import { type Features, sameExtractor } from "./features.ts";

/** Mean and covariance of features: all that the Fréchet distance needs. */
export interface FeatureStatistics {
  /** N */
  readonly count: number;
  /** D */
  readonly dimension: number;
  /** [D] */
  readonly mean: Float64Array;
  /** [D, D], symmetric, over N − 1. */
  readonly covariance: Float64Array;
  /** Fingerprint of the extractor. */
  readonly of: string;
}

/**
 * Mean and covariance in float64, about the mean itself, as `numpy.cov` does it.
 *
 * @throws DdpmError for no rows at all
 */
export function featureStatistics(all: Features): FeatureStatistics {
  const { data, count, dimension, of } = all;
  if (count === 0) fail("metrics/statistics", "no rows given, expected at least one.");
  const mean = new Float64Array(dimension);
  for (let row = 0, at = 0; row < count; row++) {
    for (let k = 0; k < dimension; k++, at++) mean[k] = mean[k]! + data[at]!;
  }
  for (let k = 0; k < dimension; k++) mean[k] = mean[k]! / count;
  const columns = new Float64Array(data.length);
  for (let row = 0, at = 0; row < count; row++) {
    for (let k = 0; k < dimension; k++, at++) columns[k * count + row] = data[at]! - mean[k]!;
  }
  const covariance = new Float64Array(dimension * dimension);
  rowProducts(columns, columns, count, covariance, { lower: true });
  const scale = 1 / Math.max(1, count - 1);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      const entry = covariance[i * dimension + j]! * scale;
      covariance[i * dimension + j] = entry;
      covariance[j * dimension + i] = entry;
    }
  }
  return { count, dimension, mean, covariance, of };
}

/**
 * Statistics of the union of two sets.
 *
 * Source: Chan, Golub and LeVeque 1983, eq. 2.1.
 *
 * @throws DdpmError when different extractors made them
 */
export function mergeStatistics(a: FeatureStatistics, b: FeatureStatistics): FeatureStatistics {
  const of = sameExtractor("statistics", a, b);
  const { dimension } = a;
  const count = a.count + b.count;
  const share = b.count / count;
  const step = a.mean.map((value, k) => b.mean[k]! - value);
  const mean = a.mean.map((value, k) => value + share * step[k]!);
  const covariance = new Float64Array(dimension * dimension);
  const scale = 1 / Math.max(1, count - 1);
  const [ofA, ofB, between] = [(a.count - 1) * scale, (b.count - 1) * scale, a.count * share * scale];
  for (let i = 0, at = 0; i < dimension; i++) {
    const first = between * step[i]!;
    for (let j = 0; j < dimension; j++, at++) {
      covariance[at] = ofA * a.covariance[at]! + ofB * b.covariance[at]! + first * step[j]!;
    }
  }
  return { count, dimension, mean, covariance, of };
}

/** Collects statistics of images that do not fit in memory at once. */
export interface StatisticsCollector {
  /** @throws DdpmError when another extractor made these */
  add(batch: Features): void;
  /** @throws DdpmError when nothing was added */
  result(): FeatureStatistics;
}

/** Rows that are put together before their products are made. */
const ROWS_AT_ONCE = 512;

/** A {@link StatisticsCollector}: batches of any size, each used once. */
export function collectStatistics(): StatisticsCollector {
  let total: FeatureStatistics | undefined;
  let waiting: Features[] = [];
  let rows = 0;
  const flush = (): void => {
    if (rows === 0) return;
    const part = featureStatistics(joinFeatures(waiting));
    total = total ? mergeStatistics(total, part) : part;
    waiting = [];
    rows = 0;
  };
  return {
    add(batch) {
      const known = waiting[0] ?? total;
      if (known) sameExtractor("statistics", known, batch);
      waiting.push(batch);
      rows += batch.count;
      if (rows >= ROWS_AT_ONCE) flush();
    },
    result() {
      flush();
      return total ?? fail("metrics/statistics", "no rows were added, expected at least one.");
    },
  };
}

/**
 * Several sets of features as one, in order.
 *
 * @throws DdpmError when different extractors made them, or there are none
 */
function joinFeatures(parts: readonly Features[]): Features {
  const [first] = parts;
  if (!first) fail("metrics/features", "nothing to join, expected at least one set of features.");
  for (const part of parts) sameExtractor("features", first, part);
  const length = parts.reduce((sum, part) => sum + part.data.length, 0);
  const single = parts.every(({ data }) => data instanceof Float32Array);
  const data = single ? new Float32Array(length) : new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { ...first, data, count: length / first.dimension };
}
