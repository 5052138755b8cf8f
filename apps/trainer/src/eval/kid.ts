import { fail } from "@ddpm/core";
import { type Estimate, estimate, type Features, type Kernel, polynomial } from "@ddpm/metrics";

/** KID with what each generated image adds to it: what paired comparisons are made of. */
export interface PairedKid {
  readonly estimate: Estimate;
  /** [n]; their mean is the estimate, and image k of another set from the same noise stands at the same place. */
  readonly each: Float64Array;
}

/**
 * Squared MMD with KID's cubic kernel, unbiased, over all pairs of images; the real images are held. Its error follows
 * from what single images add to it: twice the mean similarity to the other generated images less that to the real
 * ones. Where two sets are alike this counts some of the variance twice, so the error is never too small by it.
 *
 * Source: Gretton et al. 2012, lemma 6; the first-order terms are Serfling 1980, section 5.3.
 *
 * @param own mean similarity of the real images among themselves: see {@link ownSimilarity}
 * @throws DdpmError for features of different extractors, or fewer than two generated images
 */
export function pairedKid(
  real: Features,
  generated: Features,
  own: number,
  kernel: Kernel = polynomial(),
): PairedKid {
  if (real.of !== generated.of)
    fail("eval/kid", `features of ${real.of} and of ${generated.of}: two extractors.`, "Use one for both.");
  const n = generated.count;
  if (n < 2) fail("eval/kid", `${n} generated images, expected at least 2.`);
  const among = similarities(generated, generated, kernel, true);
  const across = similarities(generated, real, kernel, false);
  const each = Float64Array.from({ length: n }, (_, k) => own + among[k]! - 2 * across[k]!);
  const mean = each.reduce((sum, value) => sum + value / n, 0);
  // An image enters the pairs among generated images from both sides.
  const pulls = each.map((_, k) => 2 * (among[k]! - across[k]!));
  const centre = pulls.reduce((sum, value) => sum + value / n, 0);
  const influence = pulls.map((value) => mean + value - centre);
  const square = influence.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const subject = { metric: "kid/all-pairs", count: n, realCount: real.count, of: real.of };
  return { estimate: estimate(subject, mean, Math.sqrt(square / (n - 1) / n), n - 1), each: influence };
}

/** Mean similarity of different images of one set. */
export function ownSimilarity(set: Features, kernel: Kernel = polynomial()): number {
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
