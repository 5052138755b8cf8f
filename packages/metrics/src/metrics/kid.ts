import { fail, type Random, random as seeded } from "@ddpm/core";
import { type Estimate, meanEstimate } from "../estimate.ts";
import { expectRows, type Features, rowsOf, sameExtractor } from "../features.ts";
import { randomGroups } from "../statistics/groups.ts";
import { type Kernel, polynomial } from "./kernels.ts";
import { squaredMmd } from "./mmd.ts";

/** Options of {@link kid}. */
export interface KidOptions {
  /** Disjoint blocks whose spread is the error bar; 20. Fewer blocks see more pairs each. */
  readonly blocks?: number;
  /** (x · y / D + 1)³ */
  readonly kernel?: Kernel;
  /** Who is in which block; seed 0. */
  readonly random?: Random;
}

/**
 * Kernel Inception distance: squared MMD, unbiased whatever the counts are. Both sets are cut into disjoint blocks, whose
 * values are independent draws of the same thing; their mean and its standard error are returned. A value near 0, also
 * below it, says that no difference was seen.
 *
 * Source: Bińkowski et al. 2018; the block estimate is Zaremba et al. 2013.
 *
 * @throws DdpmError for different extractors, or fewer than two images per block
 */
export function kid(
  real: Features,
  generated: Features,
  { blocks = 20, kernel = polynomial(), random = seeded(0) }: KidOptions = {},
): Estimate {
  const of = sameExtractor("kid", real, generated);
  if (!(Number.isInteger(blocks) && blocks >= 2))
    fail("metrics/kid", `${blocks} blocks, expected at least 2.`);
  const realBlocks = randomGroups("kid", real.count, blocks, { random: random.fork("real") });
  const drawn = randomGroups("kid", generated.count, blocks, { random: random.fork("generated") });
  const values = realBlocks.map((members, block) =>
    squaredMmd(rowsOf(real, members), rowsOf(generated, drawn[block]!), { kernel }),
  );
  const name = kernel.name === polynomial().name ? "kid" : `kid-${kernel.name}`;
  const subject = { metric: `${name}/${blocks}-blocks`, count: generated.count, realCount: real.count, of };
  return meanEstimate(subject, values);
}

/** Indices that one subset takes from the two sets. */
export type SubsetIndices = readonly [real: ArrayLike<number>, generated: ArrayLike<number>];

/** Options of {@link kidSubsets}. */
export interface KidSubsetsOptions {
  /** 100 */
  readonly subsets?: number;
  /** 1000 */
  readonly subsetSize?: number;
  readonly kernel?: Kernel;
  readonly random?: Random;
  /** The subsets themselves, in place of random ones. */
  readonly indices?: readonly SubsetIndices[];
}

/**
 * KID as it is usually printed: mean and standard deviation over random subsets, which overlap. The deviation is that of one
 * subset and says nothing about the error of the mean; for an error bar use {@link kid}.
 *
 * Source: torch-fidelity `kid_features_to_metric`.
 */
export function kidSubsets(
  real: Features,
  generated: Features,
  options: KidSubsetsOptions = {},
): { readonly mean: number; readonly deviation: number } {
  const { subsets = 100, subsetSize = 1000, kernel = polynomial(), random = seeded(0) } = options;
  const draw = (count: number): Uint32Array => {
    expectRows("kid", "one set", count, subsetSize);
    return random.permutation(count).subarray(0, subsetSize);
  };
  const indices =
    options.indices ??
    Array.from({ length: subsets }, (): SubsetIndices => [draw(real.count), draw(generated.count)]);
  const values = indices.map(([a, b]) => squaredMmd(rowsOf(real, a), rowsOf(generated, b), { kernel }));
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return { mean, deviation: Math.sqrt(variance) };
}
