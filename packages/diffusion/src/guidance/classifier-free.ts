import { type Denoise, fail, type Prediction } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { perSample, sampleAxes } from "../process/per-sample.ts";
import { combine } from "../sampling/arithmetic/combine.ts";
import { epsOf } from "../sampling/prediction.ts";

/** What {@link classifierFree} mixes. */
export interface GuidanceOptions {
  /** The network conditioned on the class; only training drops conditions. */
  readonly conditional: Denoise;
  /** The network without a condition. */
  readonly unconditional: Denoise;
  /**
   * w: 1 is the plain conditional guess, 0 the unconditional one; above 1 leans towards the class. One number for all
   * samples, or one for each, [B].
   */
  readonly scale: number | readonly number[];
  /**
   * Share, 0 … 1, of the mixture that is brought back to the deviation of the conditional guess, against overexposed
   * images (Lin et al. 2024); 0.
   */
  readonly rescale?: number;
  /**
   * What is mixed and rescaled: the noise guess, or the guess of the clean sample; "x0". Without rescaling the same. Where
   * no signal is left the noise guess says nothing about the sample, and the clean one is taken.
   */
  readonly of?: "x0" | "eps";
  /** Keep the unconditional noise guess next to the mixed sample: CFG++ (Chung et al. 2024); false. */
  readonly plus?: boolean;
}

/**
 * Classifier-free guidance: unconditional + w · (conditional − unconditional). Two network calls; one at w = 1.
 * The condition is never dropped here, whatever it was in training.
 *
 * Source: Ho and Salimans 2022, "Classifier-Free Diffusion Guidance", eq. 6, with w there one less than here; Lin et
 * al. 2024, "Common Diffusion Noise Schedules and Sample Steps are Flawed", eq. 15–16; Chung et al. 2024, "CFG++",
 * algorithm 2.
 */
export function classifierFree(options: GuidanceOptions): Denoise {
  const { conditional, unconditional, scale, rescale = 0, of = "x0", plus = false } = options;
  if (plain(scale) && !plus) return conditional;
  return (x, at, guess) => {
    checkScale(scale, x.shape[0]!);
    const withCondition: Prediction = { ...conditional(x, at, guess), x, at };
    const free: Prediction = { ...unconditional(x, at, guess), x, at };
    const variance = withCondition.variance ? { variance: withCondition.variance } : {};
    const x0 =
      of === "eps" && !noSignal(at) ? undefined : mixGuidance(withCondition.x0, free.x0, scale, rescale);
    if (x0) return { x0, ...variance, ...(plus ? { eps: epsOf(free) } : {}) };
    const eps = mixGuidance(epsOf(withCondition), epsOf(free), scale, rescale);
    const clean = combine([1 / at.alpha, x], [-at.sigma / at.alpha, eps]);
    return { x0: clean, ...variance, eps: plus ? epsOf(free) : eps };
  };
}

/**
 * Two guesses mixed, and in part brought back to the deviation of the first. A mixture without deviation, a sample of one
 * value, stays as it is.
 *
 * @param conditional the conditional guess, [B, …, C]
 * @param free  the unconditional guess, [B, …, C]
 * @param scale w, of all samples or of each, [B]
 * @param rescale share brought back, 0 … 1
 */
export function mixGuidance(
  conditional: Tensor,
  free: Tensor,
  scale: number | readonly number[],
  rescale: number,
): Tensor {
  const mixed = mixedBy(scale, conditional, free);
  if (rescale === 0) return mixed;
  const deviation = (x: Tensor) => tf.sqrt(tf.moments(x, sampleAxes(x), true).variance);
  const now = deviation(mixed);
  const flat = tf.equal(now, 0);
  const ratio = tf.where(flat, 1, tf.div(deviation(conditional), tf.where(flat, 1, now)));
  return tf.mul(mixed, tf.add(tf.mul(ratio, rescale), 1 - rescale));
}

function mixedBy(scale: number | readonly number[], conditional: Tensor, free: Tensor): Tensor {
  if (typeof scale === "number") return combine([scale, conditional], [1 - scale, free]);
  const column = (weights: readonly number[]): Tensor =>
    perSample(tf.tensor1d(Float32Array.from(weights)), conditional);
  const rest = scale.map((w) => 1 - w);
  return tf.add(tf.mul(conditional, column(scale)), tf.mul(free, column(rest)));
}

function plain(scale: number | readonly number[]): boolean {
  return typeof scale === "number" ? scale === 1 : scale.every((w) => w === 1);
}

function checkScale(scale: number | readonly number[], samples: number): void {
  if (typeof scale === "number" || scale.length === samples) return;
  fail("diffusion/guidance", `${scale.length} weights for ${samples} samples, expected one for each.`);
}
