import type { Features } from "../features/features.ts";
import { type FloatProducts, floatProducts, PANEL, productError } from "../linear/simd/float-products.ts";

/**
 * Products of rows [row, row + rows) of one set with rows [column, column + columns) of the other, [rows, {@link PANEL}];
 * the array is used again.
 */
export type UseBlock = (
  products: Float32Array,
  row: number,
  rows: number,
  column: number,
  columns: number,
) => void;

/**
 * Squared distances of the rows of two sets: nearly, all of them, in blocks, with a bound on the error; and exactly, one
 * by one. Nearly, the distance of i and j is `xx[i] + yy[j] − twice · product`, off by at most
 * `error · (xx[i] + yy[j]) + least`.
 */
export interface DistanceBlocks {
  /** The sum of squared differences in float64, in the order of the columns: what every result rests on. */
  exact(i: number, j: number): number;
  /** Squared norms about the centre of both sets, [N]. */
  readonly xx: Float64Array;
  readonly yy: Float64Array;
  readonly twice: number;
  readonly error: number;
  /** What may be lost to numbers too small for float32. */
  readonly least: number;
  /** @param triangle both sets are one: only blocks on and below the diagonal are made */
  each(use: UseBlock, options?: { readonly triangle?: boolean }): void;
}

/**
 * Prepares the squared distances of all rows of `x` to all rows of `y`: products in float32 of rows about their common mean.
 *
 * @param engine what multiplies; the quickest there is
 */
export function distanceBlocks(
  x: Features,
  y: Features,
  engine: FloatProducts = floatProducts(x.dimension),
): DistanceBlocks {
  const d = x.dimension;
  const centre = centreOf(x, y);
  const scale = scaleOf(centre, x === y ? [x] : [x, y]);
  const left = panelsOf(x, centre, scale, engine, "left");
  const right = panelsOf(y, centre, scale, engine, "right");
  return {
    exact(i, j) {
      let sum = 0;
      for (let k = 0, p = i * d, q = j * d; k < d; k++, p++, q++) sum += (x.data[p]! - y.data[q]!) ** 2;
      return sum;
    },
    xx: left.norms,
    yy: right.norms,
    twice: 2 / scale ** 2,
    // 2 |a| |b| ≤ |a|² + |b|²; the rest of it is float64's own rounding.
    error: productError(d) + (d + 8) * 2 ** -52,
    least: (d * 2 ** -120) / scale ** 2,
    each(use, { triangle = false } = {}) {
      for (const [r, a] of left.panels.entries()) {
        const row = r * PANEL;
        const rows = Math.min(PANEL, x.count - row);
        for (const [c, b] of right.panels.entries()) {
          if (triangle && c > r) break;
          const columns = Math.min(PANEL, y.count - c * PANEL);
          use(engine.multiply(a, b, rows, columns), row, rows, c * PANEL, columns);
        }
      }
    },
  };
}

/** Any point would do: near the middle of both, products are small and their errors too. */
function centreOf(x: Features, y: Features): Float64Array {
  const d = x.dimension;
  const centre = new Float64Array(d);
  for (const { data, count } of [x, y]) {
    for (let at = 0; at < data.length; ) {
      for (let k = 0; k < d; k++, at++) centre[k] = centre[k]! + data[at]! / (2 * count);
    }
  }
  return centre;
}

/** A power of two, so that scaling rounds nothing, that brings the largest number to between 1/2 and 1. */
function scaleOf(centre: Float64Array, sets: readonly Features[]): number {
  let most = 0;
  for (const { data } of sets) {
    for (let at = 0; at < data.length; ) {
      for (let k = 0; k < centre.length; k++, at++) most = Math.max(most, Math.abs(data[at]! - centre[k]!));
    }
  }
  return most > 0 ? 2 ** -Math.ceil(Math.log2(most)) : 1;
}

/** Rows about the centre as float32 panels, and their squared norms as they were in float64. */
function panelsOf(
  { data, count, dimension: d }: Features,
  centre: Float64Array,
  scale: number,
  engine: FloatProducts,
  side: "left" | "right",
): { readonly panels: readonly Float32Array[]; readonly norms: Float64Array } {
  const norms = new Float64Array(count);
  const panels: Float32Array[] = [];
  const rows = new Float32Array(PANEL * d);
  for (let row = 0, at = 0; row < count; row += PANEL) {
    const inside = Math.min(PANEL, count - row);
    for (let i = 0, to = 0; i < inside; i++) {
      let norm = 0;
      for (let k = 0; k < d; k++, at++, to++) {
        const value = data[at]! - centre[k]!;
        norm += value * value;
        rows[to] = scale * value;
      }
      norms[row + i] = norm;
    }
    panels.push(engine.pack(rows, inside, side));
  }
  return { panels, norms };
}
