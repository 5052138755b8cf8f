import { type Random, random as seeded } from "@ddpm/core";
import { type Features, sameExtractor } from "../features/features.ts";
import { rowProducts } from "../linear/row-products.ts";
import { type Extrapolated, extrapolate } from "../statistics/extrapolation.ts";
import { randomGroups } from "../statistics/random-groups.ts";

/** Options of {@link slicedWasserstein}. */
export interface SlicedWassersteinOptions {
  /** Number of random directions; 64. */
  readonly directions?: number;
  /** Groups of images for the jackknife error; 12. */
  readonly groups?: number;
  /** Draws directions and groups; seed 0. */
  readonly random?: Random;
}

/**
 * Squared sliced 2-Wasserstein distance: the mean over random directions of the squared distance between the two sets'
 * quantiles, extrapolated to infinitely many images on both sides. It needs no network: use it on pixels. The directions
 * are part of the metric: compare with the same seed only.
 *
 * Source: Bonneel et al. 2015, section 3; the error as {@link extrapolate}.
 *
 * @throws DdpmError for different extractors, or fewer than two images per group
 */
export function slicedWasserstein(
  real: Features,
  generated: Features,
  { directions = 64, groups = 12, random = seeded(0) }: SlicedWassersteinOptions = {},
): Extrapolated {
  const of = sameExtractor("sliced-wasserstein", real, generated);
  const axes = randomDirections(real.dimension, directions, random.fork("directions"));
  const sides = [real, generated].map((side, i) => {
    const members = randomGroups("metrics/sliced-wasserstein", side.count, groups, {
      random: random.fork(i),
    });
    return sortedProjections(side, axes, members);
  });
  const settings = { directions, key: random.state().key.join("-") };
  const { count } = generated;
  const subject = { metric: "sliced-wasserstein", settings, count, realCount: real.count, of };
  return extrapolate(subject, groups, (leftOut) => {
    let sum = 0;
    for (let axis = 0; axis < directions; axis++) {
      const [a, b] = sides.map((side) => without(side[axis]!, leftOut));
      sum += squaredQuantileDistance(a!, b!) / directions;
    }
    return sum;
  });
}

/** Unit vectors, uniform on the sphere, [count, dimension]. */
export function randomDirections(dimension: number, count: number, random: Random): Float64Array {
  const axes = new Float64Array(count * dimension);
  for (let axis = 0; axis < count; axis++) {
    const row = axes.subarray(axis * dimension, (axis + 1) * dimension);
    let square = 0;
    for (let k = 0; k < dimension; k++) {
      row[k] = random.normal();
      square += row[k]! * row[k]!;
    }
    for (let k = 0; k < dimension; k++) row[k] = row[k]! / Math.sqrt(square);
  }
  return axes;
}

/** Projections onto one axis in ascending order, and the group of each. */
interface Projections {
  readonly values: Float64Array;
  readonly groups: Uint8Array;
}

/** The values without those groups, still in order. */
function without({ values, groups }: Projections, leftOut: readonly number[]): Float64Array {
  if (leftOut.length === 0) return values;
  const [first, second = first] = leftOut;
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (groups[i] !== first && groups[i] !== second) kept[count++] = values[i]!;
  }
  return kept.subarray(0, count);
}

/** The projections onto every axis. */
function sortedProjections(
  side: Features,
  axes: Float64Array,
  members: readonly Uint32Array[],
): Projections[] {
  const { count, dimension, data } = side;
  const groupOf = new Uint8Array(count);
  for (const [group, rows] of members.entries()) for (const row of rows) groupOf[row] = group;
  const projections = new Float64Array((axes.length / dimension) * count);
  rowProducts(axes, data, dimension, projections);
  return Array.from({ length: axes.length / dimension }, (_, axis) => {
    const values = projections.subarray(axis * count, (axis + 1) * count);
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
    return {
      values: Float64Array.from(order, (i) => values[i]!),
      groups: Uint8Array.from(order, (i) => groupOf[i]!),
    };
  });
}

/**
 * ∫ (F⁻¹(u) − G⁻¹(u))² du of two sets of numbers in ascending order, exactly, whatever their sizes.
 */
function squaredQuantileDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  let u = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [endA, endB] = [(i + 1) / a.length, (j + 1) / b.length];
    const end = Math.min(endA, endB);
    sum += (end - u) * (a[i]! - b[j]!) ** 2;
    u = end;
    if (endA <= end) i++;
    if (endB <= end) j++;
  }
  return sum;
}
