import { type Condition, type Denoiser, expectShape, type Mode, type Params } from "@ddpm/core";
import { checkOutputs } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { perSample } from "../process/per-sample.ts";

/** What a network returns for a batch, before `skip` and `out`. */
export interface NetworkOutput {
  /** F(in · x, noise), [B, …, C]. */
  readonly f: tf.Tensor;
  /** The raw channels of the variance, [B, …, C], of a network that learns it. */
  readonly variance?: tf.Tensor;
}

/** The columns of a preconditioning that the network's input depends on, [B] each. */
export interface InputColumns {
  readonly in: tf.Tensor1D;
  readonly noise: tf.Tensor1D;
}

/**
 * F(in · x, noise): the network's output for noisy samples, each at its own noise level (Karras et al. 2022, eq. 7).
 * Call it inside tf.tidy.
 *
 * @param x [B, …, C]
 * @throws DdpmError when the network's output does not have the shape of the samples
 */
export function networkOutput(
  denoiser: Denoiser,
  params: Params,
  x: tf.Tensor,
  columns: InputColumns,
  condition: Condition,
  mode: Mode,
): NetworkOutput {
  checkOutputs("diffusion/network-output", denoiser);
  const scaled = tf.mul(x, perSample(columns.in, x));
  const output = denoiser.apply(params, scaled, columns.noise, condition, mode);
  const f = denoiser.learnsVariance ? half(output, 0, denoiser.channels) : output;
  expectShape("diffusion/network-output", `the output of ${denoiser.name}`, f.shape, x.shape);
  return denoiser.learnsVariance
    ? { f, variance: half(output, denoiser.channels, denoiser.channels) }
    : { f };
}

/**
 * keep · x + gain · F: x̂_0 with the columns `skip` and `out`, and every other prediction that is linear in F.
 *
 * @param keep [B]
 * @param gain [B]
 * @returns [B, …, C]
 */
export function mixed({ f }: NetworkOutput, x: tf.Tensor, keep: tf.Tensor1D, gain: tf.Tensor1D): tf.Tensor {
  return tf.add(tf.mul(perSample(keep, x), x), tf.mul(perSample(gain, x), f));
}

function half(output: tf.Tensor, from: number, channels: number): tf.Tensor {
  const before: readonly number[] = output.shape.slice(0, -1);
  return tf.slice(output, [...before.map(() => 0), from], [...before, channels]);
}
