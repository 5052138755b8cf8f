/** Betas, and how many of them were cut. */
export interface ClippedBetas {
  /** [T]. */
  readonly betas: Float64Array;
  readonly clipped: number;
}

/**
 * Betas that follow a given ᾱ(t): β_i = 1 − ᾱ((i + 1) / T) / ᾱ(i / T), cut to [min, max]
 * (Nichol and Dhariwal 2021, section 3.2; improved-diffusion `betas_for_alpha_bar`).
 *
 * @param abar falls from t = 0 to t = 1; any scale
 * @param limits lowest and highest β
 */
export function betasOfAbar(
  abar: (t: number) => number,
  steps: number,
  limits: { readonly min: number; readonly max: number },
): ClippedBetas {
  let clipped = 0;
  const betas = Float64Array.from({ length: steps }, (_, i) => {
    const beta = 1 - abar((i + 1) / steps) / abar(i / steps);
    const cut = Math.min(Math.max(beta, limits.min), limits.max);
    if (cut !== beta) clipped++;
    return cut;
  });
  return { betas, clipped };
}

/** Betas of a table of falling ᾱ, [T]: β_i = 1 − ᾱ_i / ᾱ_{i−1}, with ᾱ_{−1} = 1. */
export function betasOfTable(abar: ArrayLike<number>): Float64Array {
  return Float64Array.from(abar, (value, i) => 1 - value / (i === 0 ? 1 : abar[i - 1]!));
}
