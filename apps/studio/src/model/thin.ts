/** A line with fewer points. */
export interface Thinned {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * A line that looks the same: of every stretch of points the lowest and the highest stay, in their order, so that no
 * peak is lost and drawing takes the same time however long the line is.
 *
 * @param stretches about the number of pixels; lines of up to two points each stay as they are
 */
export function thin(x: readonly number[], y: readonly number[], stretches: number): Thinned {
  const { length } = x;
  if (length <= 2 * stretches) return { x, y };
  const kept: number[] = [];
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * length) / stretches);
    const to = Math.floor(((s + 1) * length) / stretches);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      if (y[i]! < y[low]!) low = i;
      if (y[i]! > y[high]!) high = i;
    }
    if (low !== high) kept.push(Math.min(low, high));
    kept.push(Math.max(low, high));
  }
  // The last point is where the training stands.
  if (kept.at(-1) !== length - 1) kept.push(length - 1);
  return { x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
}
