import { type Estimate, shareEstimate } from "../estimate.ts";
import { type Features, sameExtractor } from "../features.ts";
import { nearestNeighbours } from "../metrics/neighbours.ts";
import { type MannWhitney, mannWhitney } from "./mann-whitney.ts";

/** A generated image and the training image that it is nearest to. */
export interface Pair {
  /** Number of the generated image. */
  readonly generated: number;
  /** Number of the training image. */
  readonly training: number;
  readonly distance: number;
  /** The distance over that to the second nearest training image: far below 1 for a copy. */
  readonly ratio: number;
  /** Share of held-out images that are at least as near to the training set: far below 0.05 for a copy. */
  readonly heldOutShare: number;
}

/** What {@link memorisation} found. */
export interface Memorisation {
  /** All generated images, most suspicious first: by ratio. Draw the first few beside their training images. */
  readonly pairs: readonly Pair[];
  /** Share of generated images that are copies: nearer to one training image than a third of the way to the next. */
  readonly copies: Estimate;
  /** The same share among held-out images, which cannot be copies: what duplicates in the data make of it. */
  readonly heldOutCopies: Estimate;
  /** Are generated images nearer to the training set than held-out images are? Below 0 and a small p: yes. */
  readonly test: MannWhitney;
  /**
   * The same for ratios, which blur and noise move little: is one training image nearer than all others more often than
   * held-out images have it?
   */
  readonly ratioTest: MannWhitney;
  /** Both tests say so, with p below 0.001 each. */
  readonly memorised: boolean;
}

/** Options of {@link memorisation}. */
export interface MemorisationOptions {
  /** Ratio of the nearest to the second nearest distance below which an image is a copy; 1/3. */
  readonly copyRatio?: number;
}

/** Chance below which each test counts. */
const SURE = 1e-3;

/** Sets of features of one extractor. */
export interface MemorisationSets {
  readonly generated: Features;
  /** What the model was trained on, all of it. */
  readonly training: Features;
  /** Images of the same kind that the model never saw, at least 8. */
  readonly heldOut: Features;
}

/**
 * Looks for training images that come back: the nearest training image of every generated one, and a test against
 * held-out images, which are as near to the training set as an honest new image is. Blurred images are nearer to all
 * others, so that distances alone accuse them wrongly; their ratios clear them.
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
  const share = (metric: string, ratios: Float64Array): Estimate =>
    shareEstimate(
      { metric, count: ratios.length, realCount: training.count, of },
      ratios.filter((ratio) => ratio < copyRatio).length,
      ratios.length,
    );
  const copies = share("copies", near.ratio);
  const heldOutCopies = share("held-out-copies", reference.ratio);
  const ratioTest = mannWhitney(near.ratio, reference.ratio);
  const memorised = test.p < SURE && ratioTest.p < SURE;
  return { pairs, copies, heldOutCopies, test, ratioTest, memorised };
}

/** Of every row: distance to the nearest training image, whose it is, and that distance over the next. */
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
