/** Below this a series is exact and quick, above it a continued fraction is. */
const CROSSING = 2.5;

/**
 * The probability that a standard normal number exceeds z, to about 1e-14 of itself: p-values far out are not rounded
 * to 0.
 *
 * Source: DLMF 7.6.1 (series) and 7.9.2 (continued fraction).
 */
export function normalTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < 0) return 1 - normalTail(-z);
  if (z < CROSSING) return 0.5 - density(z) * series(z);
  return density(z) * fraction(z);
}

const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** Σ z^(2k+1) / (1 · 3 · 5 … (2k + 1)) */
function series(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; term > 1e-18 * sum; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return sum;
}

/** 1 / (z + 1 / (z + 2 / (z + 3 / …))), from the inside. */
function fraction(z: number): number {
  let value = z;
  for (let k = 160; k > 0; k--) value = z + k / value;
  return 1 / value;
}
