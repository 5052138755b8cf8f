/** Numbers row by row. */
export type Numbers = Float64Array | Float32Array;

/** Rows of the second operand that are worked through while they are in cache. */
const PANEL_ROWS = 64;
/** Columns of a panel. */
const PANEL_COLUMNS = 256;

/** Which part of a product to compute. */
export interface RowProductsOptions {
  /** Only entries [i, j] with j ≤ i are needed: `a` and `b` are the same; the others are left alone. */
  readonly lower?: boolean;
}

/**
 * a · bᵀ in float64: the products of every row of `a` with every row of `b`, in panels that fit the cache and four by
 * four in registers.
 *
 * @param a     [n, d]
 * @param b     [m, d]
 * @param d     columns of both
 * @param out   [n, m], overwritten
 */
export function rowProducts(
  a: Numbers,
  b: Numbers,
  d: number,
  out: Float64Array,
  { lower = false }: RowProductsOptions = {},
): void {
  const n = a.length / d;
  const m = b.length / d;
  out.fill(0);
  for (let column = 0; column < d; column += PANEL_COLUMNS) {
    const end = Math.min(d, column + PANEL_COLUMNS);
    for (let row = 0; row < m; row += PANEL_ROWS) {
      const last = Math.min(m, row + PANEL_ROWS);
      for (let i = lower ? row : 0; i < n; i += 4) {
        const stop = lower ? Math.min(last, i + 4) : last;
        for (let j = row; j < stop; j += 4) {
          if (i + 4 <= n && j + 4 <= stop) tile(a, b, d, out, m, i, j, column, end);
          else edge(a, b, d, out, m, i, Math.min(n, i + 4), j, Math.min(stop, j + 4), column, end);
        }
      }
    }
  }
}

/** Four rows of `a` with four rows of `b`: sixteen sums for eight reads. */
function tile(
  a: Numbers,
  b: Numbers,
  d: number,
  out: Float64Array,
  m: number,
  i: number,
  j: number,
  from: number,
  to: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  const a0 = i * d;
  const a1 = a0 + d;
  const a2 = a1 + d;
  const a3 = a2 + d;
  const b0 = j * d;
  const b1 = b0 + d;
  const b2 = b1 + d;
  const b3 = b2 + d;
  for (let k = from; k < to; k++) {
    const p0 = a[a0 + k]!;
    const p1 = a[a1 + k]!;
    const p2 = a[a2 + k]!;
    const p3 = a[a3 + k]!;
    const q0 = b[b0 + k]!;
    const q1 = b[b1 + k]!;
    const q2 = b[b2 + k]!;
    const q3 = b[b3 + k]!;
    s00 += p0 * q0;
    s01 += p0 * q1;
    s02 += p0 * q2;
    s03 += p0 * q3;
    s10 += p1 * q0;
    s11 += p1 * q1;
    s12 += p1 * q2;
    s13 += p1 * q3;
    s20 += p2 * q0;
    s21 += p2 * q1;
    s22 += p2 * q2;
    s23 += p2 * q3;
    s30 += p3 * q0;
    s31 += p3 * q1;
    s32 += p3 * q2;
    s33 += p3 * q3;
  }
  let at = i * m + j;
  out[at] = out[at]! + s00;
  out[at + 1] = out[at + 1]! + s01;
  out[at + 2] = out[at + 2]! + s02;
  out[at + 3] = out[at + 3]! + s03;
  at += m;
  out[at] = out[at]! + s10;
  out[at + 1] = out[at + 1]! + s11;
  out[at + 2] = out[at + 2]! + s12;
  out[at + 3] = out[at + 3]! + s13;
  at += m;
  out[at] = out[at]! + s20;
  out[at + 1] = out[at + 1]! + s21;
  out[at + 2] = out[at + 2]! + s22;
  out[at + 3] = out[at + 3]! + s23;
  at += m;
  out[at] = out[at]! + s30;
  out[at + 1] = out[at + 1]! + s31;
  out[at + 2] = out[at + 2]! + s32;
  out[at + 3] = out[at + 3]! + s33;
}

/** What does not fill a tile. */
function edge(
  a: Numbers,
  b: Numbers,
  d: number,
  out: Float64Array,
  m: number,
  iFrom: number,
  iTo: number,
  jFrom: number,
  jTo: number,
  from: number,
  to: number,
): void {
  for (let i = iFrom; i < iTo; i++) {
    for (let j = jFrom; j < jTo; j++) {
      let sum = 0;
      for (let k = from; k < to; k++) sum += a[i * d + k]! * b[j * d + k]!;
      out[i * m + j] = out[i * m + j]! + sum;
    }
  }
}
