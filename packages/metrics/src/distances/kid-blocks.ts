import { fail, type Random, random as seeded } from "@ddpm/core";
import { expectRows, type Features, rowsOf, sameExtractor } from "../features/features.ts";
import { type Estimate, meanEstimate } from "../statistics/estimate.ts";
import { randomGroups } from "../statistics/random-groups.ts";
import { type Kernel, polynomialKernel } from "./kernels.ts";
import { squaredMmd } from "./mmd.ts";

/** Options of {@link kidOfBlocks}. */
export interface KidOfBlocksOptions {
  /** Number of disjoint blocks whose spread is the error; 20. Fewer blocks have more pairs each. */
  readonly blocks?: number;
  /** (x · y / D + 1)³ */
  readonly kernel?: Kernel;
  /** Assigns images to blocks; seed 0. */
  readonly random?: Random;
}

/**
 * Kernel Inception distance as the mean over disjoint blocks of both sets, with the error of both draws. Unbiased whatever
 * the counts are; values near 0, also below it, mean that no difference was found.
 *
 * Source: Bińkowski et al. 2018; the block estimate is Zaremba et al. 2013.
 *
 * @throws DdpmError for different extractors, or fewer than two images per block
 */
export function kidOfBlocks(
  real: Features,
  generated: Features,
  { blocks = 20, kernel = polynomialKernel(), random = seeded(0) }: KidOfBlocksOptions = {},
): Estimate {
  const of = sameExtractor("kid", real, generated);
  if (!(Number.isInteger(blocks) && blocks >= 2))
    fail("metrics/kid", `${blocks} blocks, expected at least 2.`);
  const realBlocks = randomGroups("metrics/kid-blocks", real.count, blocks, { random: random.fork("real") });
  const drawn = randomGroups("metrics/kid-blocks", generated.count, blocks, {
    random: random.fork("generated"),
  });
  const values = realBlocks.map((members, block) =>
    squaredMmd(rowsOf(real, members), rowsOf(generated, drawn[block]!), { kernel }),
  );
  const settings = { kernel: kernel.name, blocks };
  const subject = { metric: "kid", settings, count: generated.count, realCount: real.count, of };
  return meanEstimate(subject, values);
}

/** Indices of one subset of both sets. */
export type SubsetIndices = readonly [real: ArrayLike<number>, generated: ArrayLike<number>];

/** Options of {@link kidSubsets}. */
export interface KidSubsetsOptions {
  /** Number of random subsets; 100. */
  readonly subsets?: number;
  /** Images in each subset; 1000. */
  readonly subsetSize?: number;
  readonly kernel?: Kernel;
  readonly random?: Random;
  /** The subsets themselves, in place of random ones. */
  readonly indices?: readonly SubsetIndices[];
}

/**
 * KID as papers usually print it: mean and standard deviation over random subsets, which overlap. The deviation is that of
 * one subset and not the error of the mean; for an error use {@link kidOfBlocks}.
 *
 * Source: torch-fidelity `kid_features_to_metric`.
 */
export function kidSubsets(
  real: Features,
  generated: Features,
  options: KidSubsetsOptions = {},
): { readonly mean: number; readonly deviation: number } {
  const { subsets = 100, subsetSize = 1000, kernel = polynomialKernel(), random = seeded(0) } = options;
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
