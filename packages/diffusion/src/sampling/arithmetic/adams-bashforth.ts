/** Adams–Bashforth for evenly spaced nodes, newest first, by how many there are. */
const table: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/**
 * Weights of the Adams–Bashforth method for evenly spaced values.
 *
 * Source: Bashforth and Adams 1883, as in Liu et al. 2022 ("PNDM"), eq. 9.
 *
 * @param count number of values, from 1; more than four count as four
 */
export function adamsBashforth(count: number): readonly number[] {
  return table[Math.min(count, table.length) - 1]!;
}
