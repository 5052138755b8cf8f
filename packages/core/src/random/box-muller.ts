/** The first of two independent normals, before its cosine: √(−2 ln u) for u = (word + 1) / 2^32. */
export function radiusOf(word: number): number {
  return Math.sqrt(-2 * Math.log((word + 1) / 2 ** 32));
}

/** The direction of two independent normals, 2π · word / 2^32. */
export function angleOf(word: number): number {
  return (2 * Math.PI * word) / 2 ** 32;
}

const ARCS = 256;
const ARC_COS = Float64Array.from({ length: ARCS }, (_, i) => Math.cos((2 * Math.PI * (i + 0.5)) / ARCS));
const ARC_SIN = Float64Array.from({ length: ARCS }, (_, i) => Math.sin((2 * Math.PI * (i + 0.5)) / ARCS));
const CELLS = 128;
const CELL_INVERSE = Float64Array.from({ length: CELLS }, (_, i) => 1 / (1 + (i + 0.5) / CELLS));
const CELL_LOG = CELL_INVERSE.map((inverse) => 2 * Math.log(inverse));
const LOG_4 = 2 * Math.LN2;
const RADIANS = (2 * Math.PI) / 2 ** 32;
/** From here on −ln u is below 0.004, and a table of logarithms loses too many digits. */
const NEAR_ONE = 0xff000000;
/** Five times what the tables may be off, as a share of the radius. */
const MARGIN = 1e-12;

/**
 * Pairs of standard normal numbers from pairs of words, rounded to float32: √(−2 ln u) times cosine and sine, the bits of
 * Math.log, Math.cos and Math.sin at a third of their time. Tables with short polynomials stay within 2e-13 of the
 * radius; where a number so close to the end of a float32's interval could round to its neighbour, the functions decide.
 *
 * Source: Box and Muller 1958, "A note on the generation of random normal deviates".
 *
 * @param words two per pair, read from `begin` on
 * @param out   written from `at` on
 */
export function fillNormals(
  words: Uint32Array,
  begin: number,
  out: Float32Array,
  at: number,
  pairs: number,
): void {
  for (let pair = 0, k = begin, i = at; pair < pairs; pair++, k += 2, i += 2) {
    const first = words[k]!;
    const second = words[k + 1]!;
    if (first < NEAR_ONE) {
      const u = first + 1;
      const zeros = Math.clz32(u);
      const mantissa = (u << zeros) >>> 0;
      const cell = (mantissa >>> 24) & 127;
      const rest = (mantissa / 2 ** 31) * CELL_INVERSE[cell]! - 1;
      const series = rest * (1 + rest * (-1 / 2 + rest * (1 / 3 + rest * (-1 / 4 + rest / 5))));
      const radius = Math.sqrt((zeros + 1) * LOG_4 + CELL_LOG[cell]! - 2 * series);

      const arc = second >>> 24;
      const turn = ((second & 0xffffff) - 0x800000) * RADIANS;
      const square = turn * turn;
      const sine = turn * (1 + square * (-1 / 6 + square / 120));
      const cosine = 1 + square * (-1 / 2 + square * (1 / 24 - square / 720));
      const x = radius * (ARC_COS[arc]! * cosine - ARC_SIN[arc]! * sine);
      const y = radius * (ARC_SIN[arc]! * cosine + ARC_COS[arc]! * sine);

      const reach = radius * MARGIN;
      const roundedX = Math.fround(x - reach);
      const roundedY = Math.fround(y - reach);
      if (roundedX === Math.fround(x + reach) && roundedY === Math.fround(y + reach)) {
        out[i] = roundedX;
        out[i + 1] = roundedY;
        continue;
      }
    }
    const radius = radiusOf(first);
    const angle = angleOf(second);
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle);
  }
}
