import { type Features, sameExtractor } from "../features/features.ts";
import { PANEL } from "../linear/simd/float-products.ts";
import { distanceBlocks } from "../neighbours/distance-blocks.ts";
import { type Neighbours, ownNeighbours } from "../neighbours/neighbours.ts";
import { type Estimate, meanEstimate, type Subject, shareEstimate } from "../statistics/estimate.ts";

/** How far two sets of images cover each other's neighbourhoods. */
export interface PrecisionRecall {
  /** Share of generated images within the k-th-neighbour distance of a real image: quality. */
  readonly precision: Estimate;
  /** Share of real images within the k-th-neighbour distance of a generated image: variety. */
  readonly recall: Estimate;
  /** Mean number of real neighbourhoods around a generated image, over k: quality that one outlier cannot raise; may exceed 1. */
  readonly density: Estimate;
  /** Share of real neighbourhoods that contain a generated image: variety that outliers cannot raise. */
  readonly coverage: Estimate;
}

/** Options of {@link precisionRecall}. */
export interface PrecisionRecallOptions {
  /** Neighbour that sets the radius for precision and recall; 3. */
  readonly k?: number;
  /** Neighbour that sets the radius for density and coverage; 5. */
  readonly kDensity?: number;
}

/**
 * Precision and recall, density and coverage, from one pass over all distances. The errors are those of the draw of
 * generated images with the real ones fixed; recall's is that of the draw of real images with the generated ones fixed. All
 * four depend on both counts: compare at equal counts only.
 *
 * Source: Kynkäänniemi et al. 2019, eqs. 1–2 (distance ≤ radius); Naeem et al. 2020, eqs. 2–4 (distance < radius).
 *
 * @throws DdpmError for different extractors, or too few images for k neighbours
 */
export function precisionRecall(
  real: Features,
  generated: Features,
  { k = 3, kDensity = 5 }: PrecisionRecallOptions = {},
): PrecisionRecall {
  const of = sameExtractor("precision-recall", real, generated);
  const ownReal = ownNeighbours(real, Math.max(k, kDensity));
  const reach = reachOf(ownReal, k);
  const reachDensity = reachOf(ownReal, kDensity);
  const reachGenerated = reachOf(ownNeighbours(generated, k), k);
  const isPrecise = new Uint8Array(generated.count);
  const isRecalled = new Uint8Array(real.count);
  const inside = new Uint32Array(real.count);
  const last = new Uint32Array(real.count);
  const around = new Float64Array(generated.count);
  const { exact, xx, yy, twice, error, least, each } = distanceBlocks(real, generated);
  each((products, row, rows, column, columns) => {
    for (let i = row; i < row + rows; i++) {
      const [near, dense] = [reach[i]!, reachDensity[i]!];
      const farthest = Math.max(near, dense);
      for (let j = column, at = (i - row) * PANEL; j < column + columns; j++, at++) {
        const norms = xx[i]! + yy[j]!;
        const nearly = norms - twice * products[at]!;
        const slack = error * norms + least;
        if (nearly - slack > farthest && nearly - slack > reachGenerated[j]!) continue;
        const square = isClear(nearly, slack, near, dense, reachGenerated[j]!) ? nearly : exact(i, j);
        if (square <= near) isPrecise[j] = 1;
        if (square <= reachGenerated[j]!) isRecalled[i] = 1;
        if (square < dense) {
          inside[i] = inside[i]! + 1;
          last[i] = j;
          around[j] = around[j]! + 1 / kDensity;
        }
      }
    }
  });
  const subject = (metric: string, neighbour: number) => ({
    ...{ metric, settings: { k: neighbour } },
    ...{ count: generated.count, realCount: real.count, of },
  });
  const share = (metric: string, hits: Uint8Array): Estimate =>
    shareEstimate(
      subject(metric, k),
      hits.reduce((sum, hit) => sum + hit, 0),
      hits.length,
    );
  return {
    precision: share("precision", isPrecise),
    recall: share("recall", isRecalled),
    density: meanEstimate(subject("density", kDensity), around),
    coverage: covered(subject("coverage", kDensity), inside, last, generated.count),
  };
}

/**
 * The share of neighbourhoods that contain a generated image. One image covers several neighbourhoods at once, so they are
 * not independent trials: the jackknife over generated images (leaving one out uncovers what it alone covers) gives the
 * effective number of independent trials.
 *
 * Source: Efron and Stein 1981, section 2.
 *
 * @param inside generated images in every neighbourhood, [real]
 * @param last   one of them
 */
function covered(subject: Subject, inside: Uint32Array, last: Uint32Array, generated: number): Estimate {
  const n = inside.length;
  const alone = new Float64Array(generated);
  let hits = 0;
  for (const [i, count] of inside.entries()) {
    if (count > 0) hits++;
    if (count === 1) alone[last[i]!] = alone[last[i]!]! + 1;
  }
  const mean = alone.reduce((sum, value) => sum + value / generated, 0);
  const square = alone.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const variance = ((generated - 1) / generated) * (square / n ** 2);
  const spread = (hits / n) * (1 - hits / n);
  const trials = variance > 0 ? Math.min(n, Math.max(1, spread / variance)) : n;
  return shareEstimate(subject, (hits / n) * trials, trials);
}

/** Whether a nearly right distance is on the same side of all three limits as the exact one. */
function isClear(nearly: number, slack: number, a: number, b: number, c: number): boolean {
  return Math.abs(nearly - a) > slack && Math.abs(nearly - b) > slack && Math.abs(nearly - c) > slack;
}

/** Squared distance of every row's k-th neighbour, [N]. */
function reachOf({ squares, k: kept }: Neighbours, k: number): Float64Array {
  return Float64Array.from({ length: squares.length / kept }, (_, row) => squares[row * kept + k - 1]!);
}
