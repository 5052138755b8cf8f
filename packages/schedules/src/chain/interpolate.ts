import type { NoiseLevel } from "@ddpm/core";

/** One entry of a table of levels: ᾱ and what follows from it, all float64. */
export interface Entry extends NoiseLevel {
  /** ᾱ = alpha². */
  readonly abar: number;
  /** 1 − ᾱ = sigma². */
  readonly rest: number;
  /** ln(alpha / sigma) ∈ [−∞, ∞]. */
  readonly lambda: number;
}

/** A way to fill the gap between two entries, and its inverse. */
export interface Interpolation {
  /** The level at the fraction `w` ∈ (0, 1) of the way from `a` (cleaner) to `b`. */
  level(a: Entry, b: Entry, w: number): NoiseLevel;
  /** The fraction at which half-log-SNR `lambda`, strictly between those of `a` and `b`, is met. */
  fraction(a: Entry, b: Entry, lambda: number): number;
}

/** The entry that belongs to ᾱ ∈ [0, 1]. */
export function entryOf(abar: number): Entry {
  const rest = 1 - abar;
  return {
    abar,
    rest,
    alpha: Math.sqrt(abar),
    sigma: Math.sqrt(rest),
    lambda: (Math.log(abar) - Math.log(rest)) / 2,
  };
}

/** The level of half-log-SNR `lambda` with alpha² + sigma² = 1. */
export function levelOfLambda(lambda: number): NoiseLevel {
  return { alpha: 1 / Math.sqrt(1 + Math.exp(-2 * lambda)), sigma: 1 / Math.sqrt(1 + Math.exp(2 * lambda)) };
}

/** Log-SNR runs straight between entries; both must have a finite one. */
const logSnr: Interpolation = {
  level: (a, b, w) => levelOfLambda(a.lambda + w * (b.lambda - a.lambda)),
  fraction: (a, b, lambda) => (a.lambda - lambda) / (a.lambda - b.lambda),
};

/** sigma / alpha runs straight, as numpy.interp over the sigmas of diffusers' Euler scheduler. */
const ratio: Interpolation = {
  level(a, b, w) {
    const low = a.sigma / a.alpha;
    const u = low + w * (b.sigma / b.alpha - low);
    return levelOfLambda(-Math.log(u));
  },
  fraction(a, b, lambda) {
    const low = a.sigma / a.alpha;
    return (Math.exp(-lambda) - low) / (b.sigma / b.alpha - low);
  },
};

/** ᾱ runs straight: defined also where log-SNR is infinite at one end. */
const signal: Interpolation = {
  level: (a, b, w) => ({
    alpha: Math.sqrt(a.abar + w * (b.abar - a.abar)),
    sigma: Math.sqrt(a.rest + w * (b.rest - a.rest)),
  }),
  fraction(a, b, lambda) {
    const { alpha, sigma } = levelOfLambda(lambda);
    return alpha < sigma
      ? (a.abar - alpha ** 2) / (a.abar - b.abar)
      : (sigma ** 2 - a.rest) / (b.rest - a.rest);
  },
};

/** The names that options use. */
export type InterpolationName = "log-snr" | "sigma";

/** The way to go from `a` to `b`: as named, ᾱ where that would be infinite. */
export function interpolationBetween(a: Entry, b: Entry, name: InterpolationName): Interpolation {
  if (b.abar === 0) return signal;
  if (name === "sigma") return ratio;
  return a.rest === 0 ? signal : logSnr;
}
