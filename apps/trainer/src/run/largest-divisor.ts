/** The largest whole number up to `most` that divides `count`. */
export function largestDivisor(count: number, most: number): number {
  let divisor = Math.min(count, Math.floor(most));
  while (count % divisor !== 0) divisor--;
  return divisor;
}
