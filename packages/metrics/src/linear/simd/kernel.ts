import { assemble, type Code, I32, op, V128 } from "./assemble.ts";

/** Rows of the left side that are worked on at a time: with the columns, as many sums as registers hold. */
export const LEFT = 4;
/** Rows of the right side. */
export const RIGHT = 2;
/** Lanes of a vector. */
export const LANES = 4;
/** Vectors per turn of the innermost loop. */
const UNROLLED = 2;
/** Numbers of a row are padded with zeroes to a multiple of this. */
export const STEP: number = LANES * UNROLLED;

const [LEFT_AT, RIGHT_AT, OUT, LEFTS, RIGHTS, STEPS, STRIDE] = [0, 1, 2, 3, 4, 5, 6];
const [A, B, K, J, O, P] = [7, 8, 9, 10, 11, 12];
const [SUMS, X, Y0] = [13, 13 + LEFT * RIGHT, 14 + LEFT * RIGHT];

const sumAt = (row: number, column: number): number => SUMS + row * RIGHT + column;
const times = (count: number, of: (i: number) => Code): Code =>
  Array.from({ length: count }, (_, i) => of(i)).flat();
const advance = (local: number, ...by: readonly Code[]): Code => [
  ...op.get(local),
  ...by.flat(),
  ...op.addI32,
  ...op.set(local),
];
/** Counts down and leaves what is left. */
const countDown = (local: number, by = 1): Code => [
  ...op.get(local),
  ...op.constant(by),
  ...op.subtractI32,
  ...op.tee(local),
];

/** One vector of every row on both sides: LEFT × RIGHT products, added. */
const step = (turn: number): Code => [
  ...times(RIGHT, (column) => [
    ...op.get(B),
    ...op.loadF32x4(16 * (turn * RIGHT + column)),
    ...op.set(Y0 + column),
  ]),
  ...times(LEFT, (row) => [
    ...op.get(A),
    ...op.loadF32x4(16 * (turn * LEFT + row)),
    ...op.set(X),
    ...times(RIGHT, (column) => [
      ...op.get(sumAt(row, column)),
      ...op.get(X),
      ...op.get(Y0 + column),
      ...op.multiplyF32x4,
      ...op.addF32x4,
      ...op.set(sumAt(row, column)),
    ]),
  ]),
];

/** The four lanes of a sum, added: (0 + 2) + (1 + 3). */
const across = (sum: number): Code => [
  ...op.get(sum),
  ...op.get(sum),
  ...op.get(sum),
  ...op.swapHalves,
  ...op.addF32x4,
  ...op.tee(sum),
  ...op.lane(0),
  ...op.get(sum),
  ...op.lane(1),
  ...op.addF32,
];

/**
 * The kernel `run(left, right, out, lefts, rights, steps, stride)`: products in float32 of every row on the left with
 * every row on the right, all numbers i32 (addresses in bytes).
 *
 * Rows are in groups, of LEFT and of RIGHT; within a group vector k of all its rows comes before vector k + 1 of any.
 * `lefts` and `rights` count groups, `steps` vectors per row (a multiple of UNROLLED), `stride` bytes from one row of
 * the result to the next.
 */
export function productKernel(): Uint8Array<ArrayBuffer> {
  const tile = op.repeat(
    op.get(LEFT_AT),
    op.set(A),
    op.get(STEPS),
    op.set(K),
    times(LEFT * RIGHT, (i) => [...op.zeroes, ...op.set(SUMS + i)]),
    op.repeat(
      times(UNROLLED, step),
      advance(A, op.constant(16 * LEFT * UNROLLED)),
      advance(B, op.constant(16 * RIGHT * UNROLLED)),
      countDown(K, UNROLLED),
    ),
    op.get(O),
    op.set(P),
    times(LEFT, (row) => [
      ...times(RIGHT, (column) => [...op.get(P), ...across(sumAt(row, column)), ...op.storeF32(4 * column)]),
      ...advance(P, op.get(STRIDE)),
    ]),
    advance(O, op.constant(4 * RIGHT)),
    countDown(J),
  );
  const rows = op.repeat(
    op.get(RIGHT_AT),
    op.set(B),
    op.get(OUT),
    op.set(O),
    op.get(RIGHTS),
    op.set(J),
    tile,
    op.get(A),
    op.set(LEFT_AT),
    times(LEFT, () => advance(OUT, op.get(STRIDE))),
    countDown(LEFTS),
  );
  return assemble(
    7,
    [
      [6, I32],
      [LEFT * RIGHT + 1 + RIGHT, V128],
    ],
    [rows],
  );
}
