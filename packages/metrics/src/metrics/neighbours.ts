import { expectRows, type Features, sameExtractor } from "../features.ts";
import { rowProducts } from "../linear/row-products.ts";
import { squaredNorms } from "./mmd.ts";

/** Rows of each side whose distances are held at once. */
const ROWS = 256;

/**
 * Squared distances of all rows of `x` to all rows of `y`, block by block, in float64.
 *
 * @param use gets squared distances [rows, columns] and where the block begins; the array is used again afterwards
 * @param triangle `x` and `y` are the same: only blocks on and below the diagonal are made
 */
export function eachDistanceBlock(
  x: Features,
  y: Features,
  use: (squares: Float64Array, row: number, rows: number, column: number, columns: number) => void,
  { triangle = false }: { readonly triangle?: boolean } = {},
): void {
  const d = x.dimension;
  const [xx, yy] = [squaredNorms(x), squaredNorms(y)];
  const buffer = new Float64Array(ROWS * ROWS);
  for (let row = 0; row < x.count; row += ROWS) {
    const rows = Math.min(ROWS, x.count - row);
    const a = x.data.subarray(row * d, (row + rows) * d);
    for (let column = 0; column < (triangle ? row + 1 : y.count); column += ROWS) {
      const columns = Math.min(ROWS, y.count - column);
      const squares = buffer.subarray(0, rows * columns);
      rowProducts(a, y.data.subarray(column * d, (column + columns) * d), d, squares);
      for (let i = 0, at = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++, at++) {
          squares[at] = Math.max(0, xx[row + i]! + yy[column + j]! - 2 * squares[at]!);
        }
      }
      use(squares, row, rows, column, columns);
    }
  }
}

/** The nearest rows of another set, for every row. */
export interface Neighbours {
  /** Squared distances, [N, k], nearest first. */
  readonly squares: Float64Array;
  /** Whose they are, [N, k]. */
  readonly indices: Int32Array;
  readonly k: number;
}

/** Keeps the k nearest of every row. */
function keeper(
  count: number,
  k: number,
): Neighbours & { offer(row: number, square: number, index: number): void } {
  const squares = new Float64Array(count * k).fill(Number.POSITIVE_INFINITY);
  const indices = new Int32Array(count * k).fill(-1);
  return {
    squares,
    indices,
    k,
    offer(row, square, index) {
      const first = row * k;
      let at = first + k - 1;
      if (!(square < squares[at]!)) return;
      for (; at > first && square < squares[at - 1]!; at--) {
        squares[at] = squares[at - 1]!;
        indices[at] = indices[at - 1]!;
      }
      squares[at] = square;
      indices[at] = index;
    },
  };
}

/**
 * The k nearest rows of `among` for every row of `x`.
 *
 * @throws DdpmError for different extractors or fewer than k rows
 */
export function nearestNeighbours(x: Features, among: Features, k: number): Neighbours {
  sameExtractor("neighbours", x, among);
  expectRows("neighbours", "the other set", among.count, k);
  const kept = keeper(x.count, k);
  eachDistanceBlock(x, among, (squares, row, rows, column, columns) => {
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) kept.offer(row + i, squares[at]!, column + j);
    }
  });
  return { squares: kept.squares, indices: kept.indices, k };
}

/**
 * The k nearest other rows of the same set, for every row; a row is no neighbour of itself.
 *
 * @throws DdpmError for fewer than k + 1 rows
 */
export function ownNeighbours(x: Features, k: number): Neighbours {
  expectRows("neighbours", "one set", x.count, k + 1);
  const kept = keeper(x.count, k);
  eachDistanceBlock(
    x,
    x,
    (squares, row, rows, column, columns) => {
      for (let i = 0; i < rows; i++) {
        const end = Math.min(columns, row + i - column);
        for (let j = 0, at = i * columns; j < end; j++, at++) {
          kept.offer(row + i, squares[at]!, column + j);
          kept.offer(column + j, squares[at]!, row + i);
        }
      }
    },
    { triangle: true },
  );
  return { squares: kept.squares, indices: kept.indices, k };
}
