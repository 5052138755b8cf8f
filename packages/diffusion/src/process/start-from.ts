import { expectShape, type Moment } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { combine } from "../sampling/arithmetic/combine.ts";
import { initialNoise, type Seeds } from "./initial-noise.ts";

/**
 * Images to start sampling from between noise and data: given ones, noised to a level.
 *
 * Source: Meng et al. 2021, "SDEdit", algorithm 1.
 *
 * @param x0    clean images, [B, H, W, C] in [−1, 1]
 * @param at    the first moment of the trajectory; the cleaner, the closer the result stays
 * @param seeds sample k's noise is that of sampling from pure noise
 * @returns     [B, H, W, C], for the `start` of {@link sample}
 */
export function startFrom(x0: tf.Tensor4D, at: Moment, seeds: Seeds): tf.Tensor4D {
  expectShape("diffusion/start-from", "x0", x0.shape, seeds.shape);
  return tf.tidy(() => combine([at.alpha, x0], [at.sigma, initialNoise(seeds)]));
}
