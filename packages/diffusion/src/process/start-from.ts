import { expectShape, type Moment } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { combine } from "../sampling/arithmetic/combine.ts";
import { initialNoise, type Seeds } from "./initial-noise.ts";

/**
 * Samples to start sampling from between noise and data: given ones, noised to a level.
 *
 * Source: Meng et al. 2021, "SDEdit", algorithm 1.
 *
 * @param x0    clean samples, [B, …, C] in [−1, 1]
 * @param at    the first moment of the trajectory; the cleaner, the closer the result stays
 * @param seeds sample k's noise is that of sampling from pure noise
 * @returns     [B, …, C], for the `start` of {@link sample}
 */
export function startFrom(x0: tf.Tensor, at: Moment, seeds: Seeds): tf.Tensor {
  expectShape("diffusion/start-from", "x0", x0.shape, seeds.shape);
  return tf.tidy(() => combine([at.alpha, x0], [at.sigma, initialNoise(seeds)]));
}
