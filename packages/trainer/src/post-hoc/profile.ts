import { fail } from "@ddpm/core";

/**
 * An average of weights over a training up to update `at`, in which the weights after update τ count as τ^γ:
 * p(τ) = (γ + 1) / at · (τ / at)^γ.
 */
export interface Profile {
  /** Updates made. */
  readonly at: number;
  /** Width of p relative to `at`, σ_rel: 0.05 and 0.10 in the paper. */
  readonly width: number;
}

/** Widest profile: γ = 0, the plain mean. */
const WIDEST = 1 / Math.sqrt(12);

/**
 * γ of a relative width: σ_rel = √(γ + 1) / ((γ + 2) √(γ + 3)), solved by bisection to the last bit.
 *
 * Source: Karras et al. 2024 (EDM2), eq. 126 and algorithm 2.
 *
 * @param width in (0, 0.288], the plain mean being 1/√12
 */
export function exponentOf(width: number): number {
  if (!(width > 0 && width <= WIDEST)) {
    fail("trainer/post-hoc", `the relative width is ${width}, expected a number above 0 and at most 0.288.`);
  }
  let [low, high] = [0, 1 / width ** 2];
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (widthOf(middle) > width) low = middle;
    else high = middle;
  }
  return high;
}

/** σ_rel of γ. */
export function widthOf(gamma: number): number {
  return Math.sqrt(gamma + 1) / ((gamma + 2) * Math.sqrt(gamma + 3));
}

/** ∫ p_a(τ) p_b(τ) dτ (EDM2, eq. 151). */
export function overlap(a: Profile, b: Profile): number {
  const [early, late] = a.at <= b.at ? [a, b] : [b, a];
  const [ge, gl] = [exponentOf(early.width), exponentOf(late.width)];
  return (((ge + 1) * (gl + 1)) / (ge + gl + 1) / late.at) * (early.at / late.at) ** gl;
}
