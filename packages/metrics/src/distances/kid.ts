import { expectRows, type Features, sameExtractor } from "../features/features.ts";
import { type Estimate, studentEstimate } from "../statistics/estimate.ts";
import { type Kernel, polynomialKernel } from "./kernels.ts";

/** KID with the contribution of each generated image, for paired tests. */
export interface Kid {
  readonly estimate: Estimate;
  /** [n], their mean is the estimate; contribution k of two sets from the same noise belong together. */
  readonly contributions: Float64Array;
}

/** Options of {@link kid}. */
export interface KidOptions {
  /** {@link meanSimilarity} of the real images, where several sets are compared with them; computed when left out. */
  readonly realSimilarity?: number;
  /** (x · y / D + 1)³ */
  readonly kernel?: Kernel;
}

/**
 * Kernel Inception distance: squared MMD, unbiased, over all pairs of images, with the error of the draw of generated
 * images; the real images are fixed. The error comes from the first-order influence of single images. For two similar sets
 * this overestimates the variance, so the error is never too small.
 *
 * Source: Bińkowski et al. 2018; Gretton et al. 2012, lemma 6; the first-order terms are Serfling 1980, section 5.3.
 *
 * @throws DdpmError for features of different extractors, or fewer than two images
 */
export function kid(
  real: Features,
  generated: Features,
  { kernel = polynomialKernel(), realSimilarity = meanSimilarity(real, kernel) }: KidOptions = {},
): Kid {
  const of = sameExtractor("kid", real, generated);
  const n = generated.count;
  expectRows("kid", "generated images", n, 2);
  const among = similarities(generated, generated, kernel, true);
  const across = similarities(generated, real, kernel, false);
  const each = Float64Array.from({ length: n }, (_, k) => realSimilarity + among[k]! - 2 * across[k]!);
  const mean = each.reduce((sum, value) => sum + value / n, 0);
  // An image enters the pairs among generated images from both sides.
  const influences = each.map((_, k) => 2 * (among[k]! - across[k]!));
  const centre = influences.reduce((sum, value) => sum + value / n, 0);
  const contributions = influences.map((value) => mean + value - centre);
  const square = contributions.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const settings = { kernel: kernel.name, pairs: "all" };
  const subject = { metric: "kid", settings, count: n, realCount: real.count, of };
  const estimate = studentEstimate(subject, mean, Math.sqrt(square / (n - 1) / n), n - 1);
  return { estimate, contributions };
}

/** Mean similarity of all pairs of different images of one set. */
export function meanSimilarity(set: Features, kernel: Kernel = polynomialKernel()): number {
  return similarities(set, set, kernel, true).reduce((sum, value) => sum + value / set.count, 0);
}

/** Mean similarity of every row of `a` to the rows of `b`, without itself where both are one set. */
function similarities(a: Features, b: Features, kernel: Kernel, same: boolean): Float64Array {
  const d = a.dimension;
  const similar = kernel.of(d);
  const norms = (set: Features): Float64Array =>
    Float64Array.from({ length: set.count }, (_, i) => product(set.data, i * d, set.data, i * d, d));
  const [aa, bb] = [norms(a), norms(b)];
  return Float64Array.from({ length: a.count }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < b.count; j++) {
      if (same && i === j) continue;
      sum += similar(product(a.data, i * d, b.data, j * d, d), aa[i]!, bb[j]!);
    }
    return sum / (b.count - (same ? 1 : 0));
  });
}

function product(
  a: ArrayLike<number>,
  from: number,
  b: ArrayLike<number>,
  at: number,
  length: number,
): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[from + k]! * b[at + k]!;
  return sum;
}
