import { normalTail } from "./normal-tail.ts";

/** From here on the Student distribution is the normal one to five digits. */
const MANY = 20_000;

/**
 * Half the width of a two-sided Student interval, in standard errors: |T| stays below it with probability `confidence`.
 *
 * Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
 *
 * @param freedom    degrees of freedom, a whole number from 1
 * @param confidence in (0, 1)
 */
export function studentQuantile(freedom: number, confidence = 0.95): number {
  const inside = (t: number): number => 1 - studentTails(t, freedom);
  let low = 0;
  let high = 1;
  while (inside(high) < confidence) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (inside(middle) < confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Two-sided: how often |T| is at least t. Below about 1e-15 it is rounding error.
 *
 * @param t       at least 0
 * @param freedom degrees of freedom, a whole number from 1
 */
export function studentTails(t: number, freedom: number): number {
  return freedom > MANY ? 2 * normalTail(t) : Math.max(0, 1 - studentInside(t, freedom));
}

/** The probability that |T| < t. */
function studentInside(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const square = Math.cos(angle) ** 2;
  const odd = freedom % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let sum = 0;
  for (let k = odd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= (square * (k + 1)) / (k + 2);
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
