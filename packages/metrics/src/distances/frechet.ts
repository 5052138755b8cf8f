import { type Random, random as seeded } from "@ddpm/core";
import {
  type FeatureStatistics,
  featureStatistics,
  mergeStatistics,
} from "../features/feature-statistics.ts";
import { expectRows, type Features, rowsOf, sameExtractor } from "../features/features.ts";
import { symmetricEigenvalues } from "../linear/eigenvalues.ts";
import { pivotedCholesky } from "../linear/pivoted-cholesky.ts";
import { rowProducts } from "../linear/row-products.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { type Extrapolated, extrapolate } from "../statistics/extrapolation.ts";
import { randomGroups } from "../statistics/random-groups.ts";

/**
 * Squared Fréchet distance of two Gaussians, |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½): FID, where the features are
 * Inception's. Its bias falls as 1 / n: compare at equal counts only, or use {@link frechetInfinity}.
 *
 * Singular covariances need no epsilon, as in pytorch-fid and clean-fid while the root is finite.
 *
 * Source: Heusel et al. 2017, eq. 6.
 *
 * @throws DdpmError when different extractors made them
 */
export function frechetDistance(real: FeatureStatistics, generated: FeatureStatistics): Estimate {
  const of = sameExtractor("frechet", real, generated);
  const value = distanceTo(real)(generated);
  const settings = { samples: generated.count };
  return { metric: "frechet-distance", settings, value, count: generated.count, realCount: real.count, of };
}

/** Options of {@link frechetInfinity}. */
export interface FrechetInfinityOptions {
  /** Groups of images for the jackknife error; 12. */
  readonly groups?: number;
  /** Assigns images to groups; seed 0. */
  readonly random?: Random;
}

/**
 * Fréchet distance extrapolated to infinitely many generated images, and the value at the count given, both with the error
 * of the draw of generated images; the real statistics are fixed. Values and intervals are at least 0.
 *
 * Source: Chong and Forsyth 2020, section 4; the error by the delete-one-group jackknife.
 *
 * @param generated at least 4 (D + 1) rows, so that a quarter of them spans the space
 * @throws DdpmError for fewer, or when different extractors made them
 */
export function frechetInfinity(
  real: FeatureStatistics,
  generated: Features,
  { groups = 12, random = seeded(0) }: FrechetInfinityOptions = {},
): Extrapolated {
  const of = sameExtractor("frechet", real, generated);
  expectRows("frechet-infinity", "generated images", generated.count, 4 * (generated.dimension + 1));
  const parts = randomGroups("metrics/frechet", generated.count, groups, { random }).map((members) =>
    featureStatistics(rowsOf(generated, members)),
  );
  const distance = distanceTo(real);
  const subject = { metric: "frechet-distance", count: generated.count, realCount: real.count, of };
  const extrapolated = extrapolate(subject, groups, (leftOut) =>
    distance(parts.filter((_, g) => !leftOut.includes(g)).reduce((a, b) => mergeStatistics(a, b))),
  );
  return { ...extrapolated, infinite: notNegative(extrapolated.infinite) };
}

/** The line in 1 / n may end below 0 where the true value is near 0. */
function notNegative({ value, interval, ...rest }: Estimate): Estimate {
  const above = interval && ([Math.max(0, interval[0]), Math.max(0, interval[1])] as const);
  return { ...rest, value: Math.max(0, value), ...(above ? { interval: above } : {}) };
}

/**
 * The distance to fixed statistics, which are factored once: with Σ₁ = F Fᵀ the eigenvalues of Σ₁ Σ₂ are those of the
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
    // Rounding leaves a little below 0 for equal statistics.
    return Math.max(0, distance);
  };
}
