/** The two diagonals of a symmetric tridiagonal matrix. */
export interface Tridiagonal {
  /** [n] */
  readonly diagonal: Float64Array;
  /** [n], entry i is that of row i and column i − 1; the first is 0. */
  readonly subdiagonal: Float64Array;
}

/**
 * Householder reduction of a symmetric matrix to a tridiagonal one with the same eigenvalues. Only the lower half is
 * read, row by row.
 *
 * Source: Golub and Van Loan, Matrix Computations, algorithm 8.3.1, from the last row up.
 *
 * @param matrix [n, n], destroyed
 */
export function tridiagonal(matrix: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const subdiagonal = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    diagonal[i] = matrix[i * n + i]!;
    subdiagonal[i] = reflector(matrix.subarray(i * n, i * n + i), v, i);
    if (v[i - 1] === 0) continue;
    multiplyLower(matrix, n, v, p, i);
    let half = 0;
    for (let j = 0; j < i; j++) half += p[j]! * v[j]!;
    half /= 2;
    for (let j = 0; j < i; j++) p[j] = p[j]! - half * v[j]!;
    for (let j = 0; j < i; j++) {
      const at = j * n;
      const vj = v[j]!;
      const pj = p[j]!;
      for (let k = 0; k <= j; k++) matrix[at + k] = matrix[at + k]! - vj * p[k]! - pj * v[k]!;
    }
  }
  diagonal[0] = matrix[0] ?? 0;
  return { diagonal, subdiagonal };
}

/**
 * The v with (I − v vᵀ) row = (0 … 0, s), |v|² = 2, or v = 0 where the row has that form already.
 *
 * @returns s
 */
function reflector(row: Float64Array, v: Float64Array, length: number): number {
  let scale = 0;
  for (let k = 0; k < length - 1; k++) scale = Math.max(scale, Math.abs(row[k]!));
  const last = row[length - 1]!;
  if (scale === 0) {
    v[length - 1] = 0;
    return last;
  }
  scale = Math.max(scale, Math.abs(last));
  let sum = 0;
  for (let k = 0; k < length; k++) {
    v[k] = row[k]! / scale;
    sum += v[k]! * v[k]!;
  }
  const norm = last > 0 ? -Math.sqrt(sum) : Math.sqrt(sum);
  // |x − s e|² = 2 s (s − x_last); dividing by its half makes |v|² = 2.
  const root = Math.sqrt(norm * (norm - v[length - 1]!));
  v[length - 1] = v[length - 1]! - norm;
  for (let k = 0; k < length; k++) v[k] = v[k]! / root;
  return norm * scale;
}

/** p = A · v of the leading `size` rows, from the lower half alone. */
function multiplyLower(
  matrix: Float64Array,
  n: number,
  v: Float64Array,
  p: Float64Array,
  size: number,
): void {
  for (let j = 0; j < size; j++) {
    const at = j * n;
    const vj = v[j]!;
    let sum = 0;
    for (let k = 0; k < j; k++) {
      const entry = matrix[at + k]!;
      sum += entry * v[k]!;
      p[k] = p[k]! + entry * vj;
    }
    p[j] = sum + matrix[at + j]! * vj;
  }
}
