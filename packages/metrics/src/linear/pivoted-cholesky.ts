/** A factor of a symmetric positive semi-definite matrix: A = F · Fᵀ. */
export interface Factor {
  /** Fᵀ, [rank, n], row by row. */
  readonly rows: Float64Array;
  readonly rank: number;
}

/**
 * Cholesky factor of a symmetric positive semi-definite matrix, with pivoting: it ends where what is left of the
 * diagonal is rounding, so a singular matrix gets a factor of its own rank and no epsilon is needed.
 *
 * Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 10.3; the tolerance is n · ε · max diagonal.
 *
 * @param matrix [n, n], symmetric; read only
 */
export function pivotedCholesky(matrix: Float64Array, n: number): Factor {
  const left = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]!);
  const tolerance = n * Number.EPSILON * left.reduce((most, value) => Math.max(most, value), 0);
  const rows = new Float64Array(n * n);
  const free = Uint8Array.from({ length: n }, () => 1);
  let rank = 0;
  for (; rank < n; rank++) {
    let pivot = -1;
    for (let i = 0; i < n; i++) if (free[i] && (pivot < 0 || left[i]! > left[pivot]!)) pivot = i;
    if (!(left[pivot]! > tolerance)) break;
    free[pivot] = 0;
    const root = Math.sqrt(left[pivot]!);
    const row = rows.subarray(rank * n, (rank + 1) * n);
    row.set(matrix.subarray(pivot * n, (pivot + 1) * n));
    subtractEarlier(rows, row, rank, n, pivot);
    for (let i = 0; i < n; i++) {
      if (!free[i]) row[i] = i === pivot ? root : 0;
      else {
        row[i] = row[i]! / root;
        left[i] = left[i]! - row[i]! * row[i]!;
      }
    }
  }
  return { rows: rows.slice(0, rank * n), rank };
}

/** row −= Σ_k rows[k][pivot] · rows[k], four at a time. */
function subtractEarlier(
  rows: Float64Array,
  row: Float64Array,
  count: number,
  n: number,
  pivot: number,
): void {
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const r0 = k * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    const f0 = rows[r0 + pivot]!;
    const f1 = rows[r1 + pivot]!;
    const f2 = rows[r2 + pivot]!;
    const f3 = rows[r3 + pivot]!;
    for (let i = 0; i < n; i++) {
      row[i] = row[i]! - f0 * rows[r0 + i]! - f1 * rows[r1 + i]! - f2 * rows[r2 + i]! - f3 * rows[r3 + i]!;
    }
  }
  for (; k < count; k++) {
    const factor = rows[k * n + pivot]!;
    for (let i = 0; i < n; i++) row[i] = row[i]! - factor * rows[k * n + i]!;
  }
}
