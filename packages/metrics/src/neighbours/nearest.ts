/** Keeps the k nearest of every row: by distance, and by index where distances are equal. */
export interface Nearest {
  /** Squared distances, [N, k], nearest first; infinite where fewer were added. */
  readonly squares: Float64Array;
  /** Their indices, [N, k]; −1 where fewer were added. */
  readonly indices: Int32Array;
  add(row: number, square: number, index: number): void;
}

/** An empty one. */
export function nearest(count: number, k: number): Nearest {
  const squares = new Float64Array(count * k).fill(Number.POSITIVE_INFINITY);
  const indices = new Int32Array(count * k).fill(-1);
  const after = (at: number, square: number, index: number): boolean =>
    squares[at]! > square || (squares[at] === square && (indices[at]! > index || indices[at] === -1));
  return {
    squares,
    indices,
    add(row, square, index) {
      const first = row * k;
      let at = first + k - 1;
      if (!after(at, square, index)) return;
      for (; at > first && after(at - 1, square, index); at--) {
        squares[at] = squares[at - 1]!;
        indices[at] = indices[at - 1]!;
      }
      squares[at] = square;
      indices[at] = index;
    },
  };
}
