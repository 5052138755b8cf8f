import { type Random, random as seeded } from "@ddpm/core";
import type { Estimate } from "../estimate.ts";
import { expectRows, type Features, rowsOf, sameExtractor } from "../features.ts";
import { symmetricEigenvalues } from "../linear/eigenvalues.ts";
import { pivotedCholesky } from "../linear/pivoted-cholesky.ts";
import { rowProducts } from "../linear/row-products.ts";
import { type Extrapolated, extrapolate } from "../statistics/extrapolate.ts";
import {
  type FeatureStatistics,
  featureStatistics,
  mergeStatistics,
} from "../statistics/feature-statistics.ts";
import { randomGroups } from "../statistics/groups.ts";

/**
 * Squared Fréchet distance of two Gaussians, |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½): FID, where the features are
 * Inception's. It grows as 1 / n falls, so compare at equal counts only, or use {@link frechetInfinity}.
 *
 * Singular covariances are taken as they are, as pytorch-fid and clean-fid do while the root is finite.
 *
 * Source: Heusel et al. 2017, eq. 6.
 *
 * @throws DdpmError when different extractors made them
 */
export function frechetDistance(real: FeatureStatistics, generated: FeatureStatistics): Estimate {
  const of = sameExtractor("frechet", real, generated);
  const value = distanceTo(real)(generated);
  return { metric: "frechet", value, count: generated.count, realCount: real.count, of };
}

/** Options of {@link frechetInfinity}. */
export interface FrechetInfinityOptions {
  /** Groups of images that the error bar is made of; 12. */
  readonly groups?: number;
  /** Who is in which group; seed 0. */
  readonly random?: Random;
}

/**
 * Fréchet distance for infinitely many generated images, with an error bar; the real statistics are taken as they are.
 * The value at the count given comes along, with the bar of its own draw. Value and interval are at least 0.
 *
 * Source: Chong and Forsyth 2020, section 4; the error by the delete-one-group jackknife.
 *
 * @param generated at least 4 (D + 1) rows, so that a quarter spans the space: below, the bias is no line in 1 / n
 * @throws DdpmError for fewer, or when different extractors made them
 */
export function frechetInfinity(
  real: FeatureStatistics,
  generated: Features,
  { groups = 12, random = seeded(0) }: FrechetInfinityOptions = {},
): Extrapolated {
  const of = sameExtractor("frechet", real, generated);
  expectRows("frechet-infinity", "generated images", generated.count, 4 * (generated.dimension + 1));
  const parts = randomGroups("frechet-infinity", generated.count, groups, { random }).map((members) =>
    featureStatistics(rowsOf(generated, members)),
  );
  const distance = distanceTo(real);
  const subject = { metric: "frechet-infinity", count: generated.count, realCount: real.count, of };
  const extrapolated = extrapolate(subject, groups, (leftOut) =>
    distance(parts.filter((_, g) => !leftOut.includes(g)).reduce((a, b) => mergeStatistics(a, b))),
  );
  return { ...extrapolated, infinite: notNegative(extrapolated.infinite) };
}

/** No distance is negative, and the line in 1 / n may end below 0 where the true value is near it. */
function notNegative({ value, interval, ...rest }: Estimate): Estimate {
  const above = interval && ([Math.max(0, interval[0]), Math.max(0, interval[1])] as const);
  return { ...rest, value: Math.max(0, value), ...(above ? { interval: above } : {}) };
}

/**
 * The distance to fixed statistics, at least 0, whose factor is made once: with Σ₁ = F Fᵀ the eigenvalues of Σ₁ Σ₂ are those of the
 * symmetric Fᵀ Σ₂ F, just as those of √Σ₁ Σ₂ √Σ₁.
 */
function distanceTo(real: FeatureStatistics): (generated: FeatureStatistics) => number {
  const d = real.dimension;
  const { rows, rank } = pivotedCholesky(real.covariance, d);
  return ({ mean, covariance }) => {
    const half = new Float64Array(rank * d);
    rowProducts(rows, covariance, d, half);
    const product = new Float64Array(rank * rank);
    rowProducts(half, rows, d, product, { lower: true });
    const eigenvalues = symmetricEigenvalues(product, rank, { destroy: true });
    let distance = 0;
    for (const value of eigenvalues) distance -= 2 * Math.sqrt(Math.max(0, value));
    for (let k = 0; k < d; k++) {
      distance += (mean[k]! - real.mean[k]!) ** 2 + real.covariance[k * d + k]! + covariance[k * d + k]!;
    }
    // Of equal statistics rounding leaves a little below 0, which no distance is.
    return Math.max(0, distance);
  };
}
