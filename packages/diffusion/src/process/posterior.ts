import { type Moment, type NoiseSchedule, stepOfTime } from "@ddpm/core";

/** q(x_s | x_t, x_0) for a step from t to s: normal, its mean keep · x_t + pull · x_0. */
export interface Posterior {
  /** Coefficient of x_t in the mean. */
  readonly keep: number;
  /** Coefficient of x_0 in the mean. */
  readonly pull: number;
  /** β of the step: variance of x_t given x_s. */
  readonly beta: number;
  /** β̃: variance of x_s given x_t and x_0; 0 where s is clean. */
  readonly variance: number;
}

/**
 * The posterior of a step. On neighbouring steps of a chain its numbers are those of the chain's betas; longer steps are
 * the respaced chain.
 *
 * Source: Ho et al. 2020, eq. 6 and 7; for any two levels Kingma et al. 2021, eq. 26–29.
 */
export function posteriorOf(from: Moment, to: Moment, { steps, betas }: NoiseSchedule): Posterior {
  const ratio = from.alpha / to.alpha;
  const step = steps ? stepOfTime(from.t, steps) : Number.NaN;
  const neighbours = Number.isInteger(step) && stepOfTime(to.t, steps!) === step - 1;
  const beta = neighbours ? betas![step]! : from.sigma ** 2 - (ratio * to.sigma) ** 2;
  const share = to.sigma ** 2 / from.sigma ** 2;
  return { keep: ratio * share, pull: (to.alpha * beta) / from.sigma ** 2, beta, variance: beta * share };
}
