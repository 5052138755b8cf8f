import { fail } from "@ddpm/core";
import { checkClouds, type PointClouds } from "./point-clouds.ts";

/** Cells of a cubic grid around 0 whose centres are inside the sphere of radius ½. */
interface Grid {
  /** Centres, [cells, 3]. */
  readonly centres: Float32Array;
  /** Cell by place in the cube, −1 outside the sphere. */
  readonly cells: Int32Array;
}

/**
 * Jensen–Shannon divergence in bits, 0 … 1, of where the points of two sets of clouds are, on a grid inside the sphere of
 * radius ½ around 0; each point counts for the nearest cell.
 *
 * Source: Achlioptas et al. 2018, section 3; optas/latent_3d_points `jsd_between_point_cloud_sets`.
 *
 * @param resolution cells along an axis; 28 when left out
 * @throws DdpmError for points of other than 3 coordinates, or fewer than 2 cells
 */
export function occupancyDivergence(a: PointClouds, b: PointClouds, resolution = 28): number {
  checkClouds("metrics/occupancy-divergence", a, b);
  if (a.shape[2] !== 3 || !(resolution >= 2)) {
    fail(
      "metrics/occupancy-divergence",
      `points of ${a.shape[2]} coordinates on a grid of ${resolution} cells, expected 3 on at least 2.`,
    );
  }
  const grid = gridOf(resolution);
  const [p, q] = [a, b].map((set) => shares(set, grid, resolution)) as [Float64Array, Float64Array];
  const middle = p.map((value, i) => (value + q[i]!) / 2);
  return entropy(middle) - (entropy(p) + entropy(q)) / 2;
}

function gridOf(resolution: number): Grid {
  const spacing = 1 / (resolution - 1);
  const along = Float32Array.from({ length: resolution }, (_, i) => i * spacing - 0.5);
  const cells = new Int32Array(resolution ** 3).fill(-1);
  const centres: number[] = [];
  for (let place = 0; place < cells.length; place++) {
    const at = [
      Math.floor(place / resolution ** 2),
      Math.floor(place / resolution) % resolution,
      place % resolution,
    ];
    const centre = at.map((i) => along[i]!);
    // In float32, as the reference: it decides which cells touch the sphere.
    const square = centre.reduce((sum, value) => Math.fround(sum + Math.fround(value * value)), 0);
    if (Math.fround(Math.sqrt(square)) > 0.5) continue;
    cells[place] = centres.length / 3;
    centres.push(...centre);
  }
  return { centres: Float32Array.from(centres), cells };
}

/** The share of the points in each cell. */
function shares({ data }: PointClouds, { centres, cells }: Grid, resolution: number): Float64Array {
  const counts = new Float64Array(centres.length / 3);
  const points = data.length / 3;
  for (let i = 0; i < points; i++) {
    const point = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!] as const;
    counts[cellOf(point, centres, cells, resolution)]! += 1 / points;
  }
  return counts;
}

/** The nearest cell: that of the cube where it is inside the sphere, else by search. */
function cellOf(
  point: readonly [number, number, number],
  centres: Float32Array,
  cells: Int32Array,
  resolution: number,
): number {
  const place = point.reduce((sum, value) => {
    const i = Math.round((value + 0.5) * (resolution - 1));
    return sum * resolution + Math.min(Math.max(i, 0), resolution - 1);
  }, 0);
  if (cells[place]! >= 0) return cells[place]!;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let cell = 0; cell < centres.length / 3; cell++) {
    const square = point.reduce((sum, value, k) => sum + (value - centres[3 * cell + k]!) ** 2, 0);
    if (square < least) [best, least] = [cell, square];
  }
  return best;
}

/** In bits. */
function entropy(shares: Float64Array): number {
  return -shares.reduce((sum, share) => (share > 0 ? sum + share * Math.log2(share) : sum), 0);
}
