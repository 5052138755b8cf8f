/**
 * Points of a long curve that are enough to draw it: in each of equal runs of points, the lowest and the highest.
 * Peaks stay where they are; curves of up to `most` points are kept whole.
 *
 * @param y    the values, in drawing order
 * @param most points to keep, at most; 4 up
 * @returns strictly increasing indices, the first and the last point among them
 */
export function thin(y: ArrayLike<number>, most: number): number[] {
  const length = y.length;
  if (length <= most) return Array.from({ length }, (_, i) => i);
  const runs = Math.floor(most / 2) - 1;
  const kept = [0];
  for (let run = 0; run < runs; run++) {
    const start = 1 + Math.floor((run * (length - 2)) / runs);
    const end = 1 + Math.floor(((run + 1) * (length - 2)) / runs);
    let low = start;
    let high = start;
    for (let i = start; i < end; i++) {
      if (y[i]! < y[low]!) low = i;
      if (y[i]! > y[high]!) high = i;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  kept.push(length - 1);
  return kept;
}
