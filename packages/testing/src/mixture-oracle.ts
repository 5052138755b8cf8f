import type { Denoise, NoiseLevel } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** Samples whose numbers are around +m or −m: the smallest data that is not normal. */
export interface MixtureOracle {
  /** Distance m of the two centres from 0. */
  readonly centre: number;
  /** Standard deviation around each centre. */
  readonly std: number;
  /** E[x_0 | x_t]: the guess that a perfect network makes. */
  readonly denoise: Denoise;
  /** Mean 0 and this standard deviation has x_t. */
  marginalStd(level: NoiseLevel): number;
}

/**
 * The oracle of x_0 ~ ½ N(m, s²) + ½ N(−m, s²), number by number: with V = alpha² s² + sigma² and
 * M = m tanh(alpha m x / V), E[x_0 | x] = (s² alpha x + sigma² M) / V.
 *
 * @param options centre m (0.6 when left out) and std s (0.15 when left out)
 */
export function mixtureOracle(
  options: { readonly centre?: number; readonly std?: number } = {},
): MixtureOracle {
  const { centre = 0.6, std = 0.15 } = options;
  return {
    centre,
    std,
    denoise(x, { alpha, sigma }) {
      const total = (alpha * std) ** 2 + sigma ** 2;
      const side = tf.tanh(tf.mul(x, tf.scalar((alpha * centre) / total)));
      const keep = tf.mul(x, tf.scalar((std ** 2 * alpha) / total));
      return { x0: tf.add(keep, tf.mul(side, tf.scalar((centre * sigma ** 2) / total))) };
    },
    marginalStd: ({ alpha, sigma }) => Math.sqrt(alpha ** 2 * (centre ** 2 + std ** 2) + sigma ** 2),
  };
}
