import { fail } from "@ddpm/core";
import { overlap, type Profile } from "./profile.ts";

/**
 * The weight of each stored average in the combination that comes nearest to another average, in the least-squares
 * sense over the whole training: the average is found after the training that it is of.
 *
 * Source: Karras et al. 2024 (EDM2), section 3.1 and algorithm 3.
 *
 * @param stored averages that were kept, of any widths; no two of them the same
 * @param wanted the average to come near to; not later than the last one stored
 * @returns one factor per stored average
 */
export function mixture(stored: readonly Profile[], wanted: Profile): Float64Array {
  const last = Math.max(...stored.map(({ at }) => at));
  if (stored.length === 0 || wanted.at > last) {
    fail(
      "trainer/post-hoc",
      `an average at update ${wanted.at} is wanted, and the last one kept is at ${stored.length === 0 ? "none" : last}.`,
      "Keep averages along the training, up to its end.",
    );
  }
  const matrix = stored.map((a) => Float64Array.from(stored, (b) => overlap(a, b)));
  const right = Float64Array.from(stored, (a) => overlap(a, wanted));
  return solve(matrix, right);
}

/** matrix · x = right by Gaussian elimination with row exchanges; both are used up. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    }
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    const head = matrix[column]![column]!;
    if (head === 0) fail("trainer/post-hoc", "two of the averages kept are the same one.");
    for (let row = column + 1; row < n; row++) {
      const factor = matrix[row]![column]! / head;
      for (let k = column; k < n; k++) matrix[row]![k]! -= factor * matrix[column]![k]!;
      right[row]! -= factor * right[column]!;
    }
  }
  const x = new Float64Array(n);
  for (let row = n - 1; row >= 0; row--) {
    let sum = right[row]!;
    for (let k = row + 1; k < n; k++) sum -= matrix[row]![k]! * x[k]!;
    x[row] = sum / matrix[row]![row]!;
  }
  return x;
}
