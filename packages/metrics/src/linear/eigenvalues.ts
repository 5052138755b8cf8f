import { fail } from "@ddpm/core";
import { tridiagonal } from "./tridiagonal.ts";

/** Sweeps that one eigenvalue may take; two or three are usual. */
const MOST_SWEEPS = 60;

/**
 * Eigenvalues of a real symmetric matrix, ascending, in float64: Householder reduction, then the implicit QL method
 * with Wilkinson's shift.
 *
 * Source: Golub and Van Loan, Matrix Computations, sections 8.3.1 and 8.3.5 (there from the other end).
 *
 * @param matrix [n, n], row by row; only the lower half is read. It is copied unless `destroy` is set.
 * @throws DdpmError for numbers that are not finite
 */
export function symmetricEigenvalues(
  matrix: Float64Array,
  n: number,
  { destroy = false }: { readonly destroy?: boolean } = {},
): Float64Array {
  const { diagonal: d, subdiagonal } = tridiagonal(destroy ? matrix : matrix.slice(), n);
  if (!d.every(Number.isFinite) || !subdiagonal.every(Number.isFinite)) {
    fail("metrics/eigenvalues", "the matrix holds numbers that are not finite.");
  }
  const e = new Float64Array(n);
  e.set(subdiagonal.subarray(1));
  for (let low = 0; low < n; low++) {
    let sweeps = 0;
    for (;;) {
      let high = low;
      while (high < n - 1 && !negligible(e[high]!, d[high]!, d[high + 1]!)) high++;
      if (high === low) break;
      if (++sweeps > MOST_SWEEPS) fail("metrics/eigenvalues", `no convergence after ${MOST_SWEEPS} sweeps.`);
      sweep(d, e, low, high);
    }
  }
  return d.sort();
}

function negligible(subdiagonal: number, above: number, below: number): boolean {
  const size = Math.abs(above) + Math.abs(below);
  return Math.abs(subdiagonal) + size === size;
}

/** One implicit QL sweep over rows low … high. */
function sweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
  const slope = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const radius = Math.hypot(slope, 1);
  let g = d[high]! - d[low]! + e[low]! / (slope + (slope >= 0 ? radius : -radius));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = d[i + 1]! - shift;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - shift;
    const t = (d[i]! - g) * sine + 2 * cosine * b;
    shift = sine * t;
    d[i + 1] = g + shift;
    g = cosine * t - b;
  }
  d[low] = d[low]! - shift;
  e[low] = g;
  e[high] = 0;
}
