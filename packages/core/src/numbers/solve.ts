/**
 * The solution of matrix · x = right by Gaussian elimination with row exchanges, for systems of a few unknowns.
 *
 * @param matrix [n, n], by rows
 * @param right  [n]
 * @returns [n]; null where the matrix is singular
 */
export function solve(matrix: readonly ArrayLike<number>[], right: ArrayLike<number>): number[] | null {
  const rows = matrix.map((row, i) => [...Array.from(row), right[i]!]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best));
    if (pivot[column] === 0) return null;
    rows.splice(rows.indexOf(pivot, column), 1);
    rows.splice(column, 0, pivot);
    for (const row of rows) {
      if (row === pivot) continue;
      const share = row[column]! / pivot[column]!;
      for (let k = column; k <= size; k++) row[k] = row[k]! - share * pivot[k]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}
