import { refuse } from "../refuse.ts";

/** A noise schedule as numbers, one per training step or sampled time; whatever it has. */
export interface ScheduleCurves {
  readonly name: string;
  /** Time of each value, 0 (clean) to 1 (noise); default (i + 1) / T, the time of training step i of T. */
  readonly t?: ArrayLike<number>;
  /** Noise added per step, [0, 1]. */
  readonly beta?: ArrayLike<number>;
  /** ᾱ: share of the image's variance that is left, [0, 1]. */
  readonly abar?: ArrayLike<number>;
  /** ln(signal variance / noise variance); infinite where there is no noise, or only noise. */
  readonly logSnr?: ArrayLike<number>;
}

/**
 * All three curves of a beta table, in float64: ᾱ_t = ∏ (1 − β_s) (Ho et al. 2020, section 2) and
 * ln(ᾱ / (1 − ᾱ)), summed as logarithms so that neither end loses digits.
 *
 * @param beta T values in [0, 1]
 * @throws if the table is empty or a value is outside [0, 1]
 */
export function curvesOfBetas(name: string, beta: ArrayLike<number>): ScheduleCurves {
  if (beta.length === 0) refuse("viz/schedule-curves", `no betas for "${name}"`, "Give at least one.");
  const abar = new Float64Array(beta.length);
  const logSnr = new Float64Array(beta.length);
  let logAbar = 0;
  for (let i = 0; i < beta.length; i++) {
    if (!(beta[i]! >= 0 && beta[i]! <= 1))
      refuse("viz/schedule-curves", `beta ${beta[i]} at index ${i} of "${name}"`, "Give values from 0 to 1.");
    logAbar += Math.log1p(-beta[i]!);
    abar[i] = Math.exp(logAbar);
    logSnr[i] = logAbar - Math.log(-Math.expm1(logAbar));
  }
  return { name, beta, abar, logSnr };
}
