import { expectRows, type Features, rowsOf, sameExtractor } from "../features/features.ts";
import { PANEL } from "../linear/simd/float-products.ts";
import { type DistanceBlocks, distanceBlocks } from "./distance-blocks.ts";
import { type Nearest, nearest } from "./nearest.ts";

/** Kept beyond k while distances are nearly right: so many may change places with the k-th. */
const SPARE = 3;

/** The nearest rows of another set, for every row. */
export interface Neighbours {
  /** Squared distances, [N, k], nearest first. */
  readonly squares: Float64Array;
  /** Their indices, [N, k]; of equal distances the lower index comes first. */
  readonly indices: Int32Array;
  readonly k: number;
}

/**
 * The k nearest rows of `among` for every row of `x`, exactly as all squared distances in float64 say.
 *
 * @throws DdpmError for different extractors or fewer than k rows
 */
export function nearestNeighbours(x: Features, among: Features, k: number): Neighbours {
  sameExtractor("neighbours", x, among);
  expectRows("neighbours", "the other set", among.count, k);
  const blocks = distanceBlocks(x, among);
  const near = nearest(x.count, k + SPARE);
  const { squares } = near;
  const { xx, yy, twice } = blocks;
  blocks.each((products, row, rows, column, columns) => {
    for (let i = 0; i < rows; i++) {
      const last = (row + i + 1) * (k + SPARE) - 1;
      for (let j = 0, at = i * PANEL; j < columns; j++, at++) {
        const square = xx[row + i]! + yy[column + j]! - twice * products[at]!;
        if (square < squares[last]!) near.add(row + i, square, column + j);
      }
    }
  });
  return settled(near, k, x, among, blocks, undefined);
}

/**
 * The k nearest other rows of the same set, for every row; a row is no neighbour of itself.
 *
 * @throws DdpmError for fewer than k + 1 rows
 */
export function ownNeighbours(x: Features, k: number): Neighbours {
  expectRows("neighbours", "one set", x.count, k + 1);
  const blocks = distanceBlocks(x, x);
  const kept = k + SPARE;
  const near = nearest(x.count, kept);
  const { squares } = near;
  const { xx, twice } = blocks;
  blocks.each(
    (products, row, rows, column, columns) => {
      for (let i = row; i < row + rows; i++) {
        const last = (i + 1) * kept - 1;
        const end = Math.min(columns, i - column);
        for (let j = 0, at = (i - row) * PANEL; j < end; j++, at++) {
          const square = xx[i]! + xx[column + j]! - twice * products[at]!;
          if (square < squares[last]!) near.add(i, square, column + j);
          if (square < squares[(column + j + 1) * kept - 1]!) near.add(column + j, square, i);
        }
      }
    },
    { triangle: true },
  );
  return settled(near, k, x, x, blocks, (row) => row);
}

/**
 * Exact neighbours from those that are nearly right. A row a is settled where its k-th exact distance is below any that
 * a row b that was not kept can have: with s their squared distance |b|² ≤ 2 |a|² + 2 s, which bounds the error of s by
 * |a| and s alone. Rows that are not settled are searched again, with the k-th distance known so far as the limit.
 *
 * @param self the row's own number in `among`, where it is no neighbour of itself
 */
function settled(
  near: Nearest,
  k: number,
  x: Features,
  among: Features,
  { exact, xx, error, least }: DistanceBlocks,
  self: ((row: number) => number) | undefined,
): Neighbours {
  const kept = k + SPARE;
  const found = nearest(x.count, k);
  const open: number[] = [];
  for (let row = 0; row < x.count; row++) {
    for (let at = row * kept; at < (row + 1) * kept; at++) {
      const index = near.indices[at]!;
      if (index >= 0) found.add(row, exact(row, index), index);
    }
    const limit = near.squares[(row + 1) * kept - 1]!;
    const beyond = (limit - 3 * error * xx[row]! - least) / (1 + 2 * error);
    if (!(found.squares[(row + 1) * k - 1]! < beyond)) open.push(row);
  }
  if (open.length > 0) searchAgain(found, k, open, x, among, self);
  return { squares: found.squares, indices: found.indices, k };
}

/** Finds the neighbours of some rows among all that may be within the k-th distance known so far. */
function searchAgain(
  found: Nearest,
  k: number,
  open: readonly number[],
  x: Features,
  among: Features,
  self: ((row: number) => number) | undefined,
): void {
  const { exact, xx, yy, twice, error, least, each } = distanceBlocks(rowsOf(x, open), among);
  const limits = Float64Array.from(open, (row) => found.squares[(row + 1) * k - 1]!);
  for (const row of open) {
    found.squares.fill(Number.POSITIVE_INFINITY, row * k, (row + 1) * k);
    found.indices.fill(-1, row * k, (row + 1) * k);
  }
  each((products, first, rows, column, columns) => {
    for (let i = first; i < first + rows; i++) {
      const row = open[i]!;
      const own = self?.(row);
      for (let j = column, at = (i - first) * PANEL; j < column + columns; j++, at++) {
        const norms = xx[i]! + yy[j]!;
        const atLeast = norms - twice * products[at]! - error * norms - least;
        if (atLeast <= limits[i]! && j !== own) found.add(row, exact(i, j), j);
      }
    }
  });
}
