import { checkClouds, type PointClouds } from "./point-clouds.ts";

/** Distances of every cloud of one set to every cloud of another, [rows, columns]. */
export interface CloudDistances {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Chamfer distances of all pairs of clouds: the mean squared distance of each point to the nearest of the other cloud, both
 * ways added, in float64.
 *
 * Source: Fan et al. 2017, eq. 1, with means; Yang et al. 2019 (PointFlow), section 5.1.
 *
 * @throws DdpmError for points of different numbers of coordinates, and sets without points
 */
export function chamferDistances(rows: PointClouds, columns: PointClouds): CloudDistances {
  checkClouds("metrics/chamfer", rows, columns);
  const [m, n] = [rows.shape[0], columns.shape[0]];
  const data = new Float64Array(m * n);
  const same = rows === columns;
  for (let i = 0; i < m; i++) {
    for (let j = same ? i + 1 : 0; j < n; j++) {
      const distance = mean(nearestSquares(rows, i, columns, j)) + mean(nearestSquares(columns, j, rows, i));
      data[i * n + j] = distance;
      if (same) data[j * n + i] = distance;
    }
  }
  return { data, rows: m, columns: n };
}

/** The squared distance of each point of cloud `i` of a set to the nearest point of cloud `j` of another. */
export function nearestSquares(from: PointClouds, i: number, to: PointClouds, j: number): Float64Array {
  const [, points, d] = from.shape;
  const others = to.shape[1];
  const [first, second] = [i * points * d, j * others * d];
  return Float64Array.from({ length: points }, (_, p) => {
    let least = Number.POSITIVE_INFINITY;
    for (let q = 0; q < others; q++) {
      let sum = 0;
      for (let k = 0; k < d && sum < least; k++) {
        sum += (from.data[first + p * d + k]! - to.data[second + q * d + k]!) ** 2;
      }
      if (sum < least) least = sum;
    }
    return least;
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
