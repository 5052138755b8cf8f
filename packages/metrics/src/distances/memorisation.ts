import { type Features, sameExtractor } from "../features/features.ts";
import { nearestNeighbours } from "../neighbours/neighbours.ts";
import { type Estimate, shareEstimate } from "../statistics/estimate.ts";
import { type MannWhitney, mannWhitney } from "../statistics/mann-whitney.ts";

/** A generated image and the training image nearest to it. */
export interface NearestPair {
  /** Number of the generated image. */
  readonly generated: number;
  /** Number of the training image. */
  readonly training: number;
  /** Distance to the nearest training image over that to the second nearest: far below 1 for a copy. */
  readonly ratio: number;
}

/** A pair with its distance, and how often held-out images are as near. */
export interface MemorisedPair extends NearestPair {
  readonly distance: number;
  /** Share of held-out images that are at least as near to the training set: far below 0.05 for a copy. */
  readonly heldOutShare: number;
}

/** Training images among generated ones: pairs, shares of copies, tests. */
export interface Memorisation {
  /** All generated images, lowest ratio first. Draw the first few next to their training images. */
  readonly pairs: readonly MemorisedPair[];
  /** Share of generated images that are copies: nearer to one training image than a third of the way to the next. */
  readonly copies: Estimate;
  /** The same share among held-out images: what duplicates in the data cause. */
  readonly heldOutCopies: Estimate;
  /** Are generated images nearer to the training set than held-out images are? Below 0 and a small p: yes. */
  readonly test: MannWhitney;
  /** The same test for ratios, which blur and noise hardly change. */
  readonly ratioTest: MannWhitney;
  /** Whether both tests have p below 0.001. */
  readonly memorised: boolean;
}

/** Options of {@link memorisation}. */
export interface MemorisationOptions {
  /** Ratio of the nearest to the second nearest distance below which an image is a copy; 1/3. */
  readonly copyRatio?: number;
}

/** Level of each test. */
const SURE = 1e-3;

/** Features of one extractor. */
export interface MemorisationSets {
  readonly generated: Features;
  /** All training images. */
  readonly training: Features;
  /** Images of the same kind that the model never saw, at least 8. */
  readonly heldOut: Features;
}

/**
 * Finds copies of training images: the nearest training image of every generated one, and a test against held-out images,
 * which are as near to the training set as new images are. Blurred images are nearer to all others, so distances alone
 * would accuse them wrongly; ratios do not.
 *
 * Source: Meehan, Chaudhuri and Dasgupta 2020, section 3 (the test C_T with one cell); the ratio as in Yoon et al. 2023
 * and Gu et al. 2023 (copies below 1/3).
 *
 * @throws DdpmError for different extractors, or fewer than 8 generated or held-out images, or 2 training images
 */
export function memorisation(
  { generated, training, heldOut }: MemorisationSets,
  { copyRatio = 1 / 3 }: MemorisationOptions = {},
): Memorisation {
  const of = sameExtractor("memorisation", generated, training);
  sameExtractor("memorisation", heldOut, training);
  const near = distances(generated, training);
  const reference = distances(heldOut, training);
  const sorted = reference.first.slice().sort();
  const pairs = Array.from(near.first, (distance, i) => ({
    generated: i,
    training: near.indices[i]!,
    distance,
    ratio: near.ratio[i]!,
    heldOutShare: countUpTo(sorted, distance) / sorted.length,
  })).sort((a, b) => a.ratio - b.ratio || a.distance - b.distance || a.generated - b.generated);
  const test = mannWhitney(near.first, reference.first);
  const share = (images: string, ratios: Float64Array): Estimate =>
    shareEstimate(
      { metric: "copies", settings: { images }, count: ratios.length, realCount: training.count, of },
      ratios.filter((ratio) => ratio < copyRatio).length,
      ratios.length,
    );
  const copies = share("generated", near.ratio);
  const heldOutCopies = share("held-out", reference.ratio);
  const ratioTest = mannWhitney(near.ratio, reference.ratio);
  const memorised = test.p < SURE && ratioTest.p < SURE;
  return { pairs, copies, heldOutCopies, test, ratioTest, memorised };
}

/**
 * The nearest training image of every generated one, lowest ratio first. Without held-out images such pairs prove nothing.
 *
 * @throws DdpmError for different extractors, or fewer than 2 training images
 */
export function nearestPairs(generated: Features, training: Features): NearestPair[] {
  const { indices, ratio } = distances(generated, training);
  return Array.from(ratio, (value, i) => ({ generated: i, training: indices[i]!, ratio: value })).sort(
    (a, b) => a.ratio - b.ratio || a.generated - b.generated,
  );
}

/** Of every row: distance to the nearest training image, its number, and that distance over the next. */
function distances(
  x: Features,
  training: Features,
): { readonly first: Float64Array; readonly ratio: Float64Array; readonly indices: Int32Array } {
  const { squares, indices } = nearestNeighbours(x, training, 2);
  const at = (k: number) => Float64Array.from({ length: x.count }, (_, i) => Math.sqrt(squares[2 * i + k]!));
  const [first, second] = [at(0), at(1)];
  return {
    first,
    ratio: first.map((distance, i) => (distance === 0 ? 0 : distance / second[i]!)),
    indices: indices.filter((_, i) => i % 2 === 0),
  };
}

/** How many of the ascending numbers are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
