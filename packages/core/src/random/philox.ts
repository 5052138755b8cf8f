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
 * in 32-bit arithmetic throughout, two blocks at a time: neither waits for the other's products.
 *
 * @param first number of the first block, whole, below 2^53
 * @param out   overwritten from its start
 * @param count blocks wanted; four words each, and as many again may be overwritten where it is odd
 */
export function philoxWords(
  first: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  count: number = out.length / 4,
): void {
  for (let i = 0, index = first; i < 4 * count; i += 8, index += 2) {
    const next = index + 1;
    let c0 = index | 0;
    let c1 = Math.floor(index / 0x100000000) | 0;
    let c2 = 0;
    let c3 = 0;
    let d0 = next | 0;
    let d1 = Math.floor(next / 0x100000000) | 0;
    let d2 = 0;
    let d3 = 0;
    let k0 = key0 | 0;
    let k1 = key1 | 0;
    for (let round = 0; round < ROUNDS; round++) {
      const c0High = (Math.imul(HIGH_0, c0 & 0xffff) + (Math.imul(LOW_0, c0 & 0xffff) >>> 16)) | 0;
      const d0High = (Math.imul(HIGH_0, d0 & 0xffff) + (Math.imul(LOW_0, d0 & 0xffff) >>> 16)) | 0;
      const c2High = (Math.imul(HIGH_1, c2 & 0xffff) + (Math.imul(LOW_1, c2 & 0xffff) >>> 16)) | 0;
      const d2High = (Math.imul(HIGH_1, d2 & 0xffff) + (Math.imul(LOW_1, d2 & 0xffff) >>> 16)) | 0;
      const c0Carry = (Math.imul(LOW_0, c0 >>> 16) + (c0High & 0xffff)) >>> 16;
      const d0Carry = (Math.imul(LOW_0, d0 >>> 16) + (d0High & 0xffff)) >>> 16;
      const c2Carry = (Math.imul(LOW_1, c2 >>> 16) + (c2High & 0xffff)) >>> 16;
      const d2Carry = (Math.imul(LOW_1, d2 >>> 16) + (d2High & 0xffff)) >>> 16;
      const c3Next = Math.imul(MULTIPLIER_0, c0);
      const d3Next = Math.imul(MULTIPLIER_0, d0);
      const c1Next = Math.imul(MULTIPLIER_1, c2);
      const d1Next = Math.imul(MULTIPLIER_1, d2);
      const c2Next = (Math.imul(HIGH_0, c0 >>> 16) + (c0High >>> 16) + c0Carry) ^ c3 ^ k1;
      const d2Next = (Math.imul(HIGH_0, d0 >>> 16) + (d0High >>> 16) + d0Carry) ^ d3 ^ k1;
      c0 = (Math.imul(HIGH_1, c2 >>> 16) + (c2High >>> 16) + c2Carry) ^ c1 ^ k0;
      d0 = (Math.imul(HIGH_1, d2 >>> 16) + (d2High >>> 16) + d2Carry) ^ d1 ^ k0;
      c1 = c1Next;
      d1 = d1Next;
      c2 = c2Next;
      d2 = d2Next;
      c3 = c3Next;
      d3 = d3Next;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    out[i] = c0;
    out[i + 1] = c1;
    out[i + 2] = c2;
    out[i + 3] = c3;
    out[i + 4] = d0;
    out[i + 5] = d1;
    out[i + 6] = d2;
    out[i + 7] = d3;
  }
}
