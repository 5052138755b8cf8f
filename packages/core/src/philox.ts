const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000);
}

/**
 * One block of Philox 4×32-10: four random words from a counter and a key.
 *
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.
 *
 * @param counter four unsigned words; left as they are
 * @param out     four words, overwritten
 */
export function philox(
  counter: readonly [number, number, number, number],
  key0: number,
  key1: number,
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

const HIGH_0 = MULTIPLIER_0 >>> 16;
const LOW_0 = MULTIPLIER_0 & 0xffff;
const HIGH_1 = MULTIPLIER_1 >>> 16;
const LOW_1 = MULTIPLIER_1 & 0xffff;

/**
 * The words of consecutive blocks: counter [first, 0, 0], [first + 1, 0, 0] … with {@link philox}'s result for each,
 * in 32-bit arithmetic throughout.
 *
 * @param first number of the first block, whole, below 2^53
 * @param out   four words per block, overwritten
 */
export function philoxWords(first: number, key0: number, key1: number, out: Uint32Array): void {
  for (let i = 0, index = first; i < out.length; i += 4, index++) {
    let c0 = index | 0;
    let c1 = Math.floor(index / 0x100000000) | 0;
    let c2 = 0;
    let c3 = 0;
    let k0 = key0 | 0;
    let k1 = key1 | 0;
    for (let round = 0; round < ROUNDS; round++) {
      const a = c0 & 0xffff;
      const b = c0 >>> 16;
      const middle0 = (Math.imul(HIGH_0, a) + (Math.imul(LOW_0, a) >>> 16)) | 0;
      const carry0 = (Math.imul(LOW_0, b) + (middle0 & 0xffff)) >>> 16;
      const high0 = (Math.imul(HIGH_0, b) + (middle0 >>> 16) + carry0) | 0;
      const c = c2 & 0xffff;
      const d = c2 >>> 16;
      const middle1 = (Math.imul(HIGH_1, c) + (Math.imul(LOW_1, c) >>> 16)) | 0;
      const carry1 = (Math.imul(LOW_1, d) + (middle1 & 0xffff)) >>> 16;
      const high1 = (Math.imul(HIGH_1, d) + (middle1 >>> 16) + carry1) | 0;
      const low0 = Math.imul(MULTIPLIER_0, c0);
      const low1 = Math.imul(MULTIPLIER_1, c2);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    out[i] = c0;
    out[i + 1] = c1;
    out[i + 2] = c2;
    out[i + 3] = c3;
  }
}
