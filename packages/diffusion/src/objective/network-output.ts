import { type Condition, type Denoiser, expectShape, type Mode, type Params } from "@ddpm/core";
import { checkOutputs } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { perImage } from "../process/diffuse.ts";

/** What a network returns for a batch, before `skip` and `out`. */
export interface NetworkOutput {
  /** F(in · x, noise), [B, H, W, C]. */
  readonly f: tf.Tensor4D;
  /** The raw channels of the variance, [B, H, W, C], of a network that learns it. */
  readonly variance?: tf.Tensor4D;
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
 * @param x [B, H, W, C]
 * @throws DdpmError when the network's output does not have the shape of the samples
 */
export function networkOutput(
  denoiser: Denoiser,
  params: Params,
  x: tf.Tensor4D,
  columns: InputColumns,
  condition: Condition,
  mode: Mode,
): NetworkOutput {
  checkOutputs("diffusion/network-output", denoiser);
  const scaled = tf.mul(x, perImage(columns.in, x)) as tf.Tensor4D;
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
 * @returns [B, H, W, C]
 */
export function mixed(
  { f }: NetworkOutput,
  x: tf.Tensor4D,
  keep: tf.Tensor1D,
  gain: tf.Tensor1D,
): tf.Tensor4D {
  return tf.add(tf.mul(perImage(keep, x), x), tf.mul(perImage(gain, x), f)) as tf.Tensor4D;
}

function half(output: tf.Tensor4D, from: number, channels: number): tf.Tensor4D {
  const [batch, height, width] = output.shape;
  return tf.slice(output, [0, 0, 0, from], [batch, height, width, channels]);
}
