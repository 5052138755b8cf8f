import type { Moment, NoiseSchedule } from "./noise.ts";

/**
 * What a network's output F means (Karras et al. 2022, eq. 7):
 * x̂_0 = skip · x + out · F(in · x, noise). The training target of F is (x_0 − skip · x) / out.
 */
export interface Preconditioning {
  readonly skip: number;
  readonly out: number;
  readonly in: number;
  /** What the network receives as its noise input: the step index of a discrete chain, ln(sigma) / 4 … */
  readonly noise: number;
}

/** eps, x0, v, flow, edm: each is four scalars at a moment. */
export interface Parameterization {
  readonly name: string;
  /** @throws DdpmError where the meaning breaks down, e.g. eps with alpha = 0 */
  at(moment: Moment, schedule: NoiseSchedule): Preconditioning;
}

/** Weight on ‖x̂_0 − x_0‖²: SNR gives L_simple for eps, min(SNR, 5) min-SNR, 1/σ² + 1/σ_d² EDM. */
export interface LossWeight {
  readonly name: string;
  /** @param meaning what the network's output means there: 1 / out² counts every F alike */
  at(moment: Moment, schedule: NoiseSchedule, meaning: Preconditioning): number;
}
