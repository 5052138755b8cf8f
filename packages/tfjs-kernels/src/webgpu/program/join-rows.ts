/** How the invocations of a workgroup are arranged, and what they join. */
export interface Joining {
  /** WGSL, i32: rows to be joined, this invocation's row (negative or past the end: it only waits). */
  readonly rows: string;
  readonly row: string;
  /** WGSL, i32: the distance of the numbers of neighbouring rows. */
  readonly stride: string;
  /** WGSL, i32: this invocation's own place. */
  readonly at: string;
  /** What joins the number at `other` to the one at `at`, one statement per table in workgroup memory. */
  readonly join: (at: string, other: string) => string;
}

/**
 * WGSL that joins the rows of a table in workgroup memory into the first, sixteen at a time: two or three barriers,
 * and always in the same order. Begins with a barrier and ends with one.
 */
export const joinRows = ({ rows, row, stride, at, join }: Joining): string => `
  workgroupBarrier();
  for (var left = ${rows}; left > 1; left = (left + 15) / 16) {
    let next = (left + 15) / 16;
    if (${row} < next) {
      for (var other = ${row} + next; other < left; other += next) {
        ${join(at, `${at} + (other - ${row}) * ${stride}`)}
      }
    }
    workgroupBarrier();
  }`;
