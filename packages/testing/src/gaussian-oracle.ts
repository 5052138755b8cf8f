import type { Denoise, NoiseLevel } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** Samples whose numbers are independent and normal: everything about their diffusion is known exactly. */
export interface GaussianOracle {
  /** Mean per channel. */
  readonly mean: readonly number[];
  /** Standard deviation of every number. */
  readonly std: number;
  /** E[x_0 | x_t]: the guess that a perfect network makes. */
  readonly denoise: Denoise;
  /** Where the probability-flow ODE from x_t ends: the guess that a perfect consistency model makes. */
  readonly consistent: Denoise;
  /** Mean per channel and standard deviation of x_t. */
  marginal(level: NoiseLevel): { readonly mean: readonly number[]; readonly std: number };
  /**
   * The probability-flow ODE solved exactly: x keeps its distance from the mean in units of the spread.
   *
   * @param x numbers at `from`, channels last
   * @returns the same numbers at `to`, float64
   */
  flow(x: ArrayLike<number>, from: NoiseLevel, to: NoiseLevel): Float64Array;
}

/**
 * The oracle of x_0 ~ N(mean, std²), number by number: with V = alpha² s² + sigma²,
 * E[x_0 | x] = (s² alpha x + sigma² mean) / V, and x_t ~ N(alpha · mean, V).
 *
 * Source: Song et al. 2021, "Score-Based Generative Modeling", eq. 13, whose solution for a normal distribution is
 * x_s = alpha_s mean + √(V_s / V_t) (x_t − alpha_t mean).
 *
 * @param options mean per channel (three channels around 0 when left out) and std (0.5 when left out)
 */
export function gaussianOracle(
  options: { readonly mean?: readonly number[]; readonly std?: number } = {},
): GaussianOracle {
  const { mean = [0.3, -0.2, 0.1], std = 0.5 } = options;
  const spread = ({ alpha, sigma }: NoiseLevel): number => Math.hypot(alpha * std, sigma);
  return {
    mean,
    std,
    denoise(x, at) {
      const total = spread(at) ** 2;
      const keep = (std ** 2 * at.alpha) / total;
      const pull = mean.map((value) => (value * at.sigma ** 2) / total);
      return { x0: tf.add(tf.mul(x, tf.scalar(keep)), tf.tensor1d(pull)) };
    },
    consistent(x, at) {
      const stretch = std / spread(at);
      const shift = mean.map((value) => value * (1 - stretch * at.alpha));
      return { x0: tf.add(tf.mul(x, tf.scalar(stretch)), tf.tensor1d(shift)) };
    },
    marginal: (level) => ({ mean: mean.map((value) => value * level.alpha), std: spread(level) }),
    flow(x, from, to) {
      const stretch = spread(to) / spread(from);
      return Float64Array.from(x, (value, i) => {
        const centre = mean[i % mean.length]!;
        return to.alpha * centre + stretch * (value - from.alpha * centre);
      });
    },
  };
}
