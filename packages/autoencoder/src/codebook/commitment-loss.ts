import { expectShape } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { stopGradient } from "./stop-gradient.ts";

/** Options of {@link commitmentLoss}. */
export interface CommitmentLossOptions {
  /** Weight of the smaller term; 0.25 when left out. */
  readonly beta?: number;
  /**
   * Weighs the codes' term with `beta` instead of the latents', as taming-transformers and diffusers do; true when left
   * out.
   */
  readonly legacy?: boolean;
}

/**
 * Moves latents towards their codes and codes towards their latents: mean (sg[q] − z)² and mean (q − sg[z])², one of them
 * times beta.
 *
 * Source: van den Oord et al. 2017, eq. 3, whose beta is on the first term (`legacy: false`).
 *
 * @param latents z, before quantisation
 * @param codes   q, the rows of the codebook, not yet straight-through
 */
export function commitmentLoss(
  latents: tf.Tensor4D,
  codes: tf.Tensor4D,
  { beta = 0.25, legacy = true }: CommitmentLossOptions = {},
): tf.Scalar {
  expectShape("autoencoder/codebook", "codes", codes.shape, latents.shape);
  const ofLatents = tf.mean(tf.squaredDifference(stopGradient(codes), latents));
  const ofCodes = tf.mean(tf.squaredDifference(codes, stopGradient(latents)));
  return legacy ? tf.add(ofLatents, tf.mul(beta, ofCodes)) : tf.add(tf.mul(beta, ofLatents), ofCodes);
}
