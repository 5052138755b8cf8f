import { type Denoiser, expectShape, type Mode, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { diffuse, perImage } from "./diffuse.ts";
import type { ElementLoss } from "./element-loss.ts";

/** A batch as tensors: images, noise, and the columns of {@link lossColumns}, [B] each. */
export interface LossInputs {
  /** Clean images, [B, H, W, C] in [−1, 1]. */
  readonly x0: tf.Tensor4D;
  /** ε ~ N(0, I), [B, H, W, C]. */
  readonly eps: tf.Tensor4D;
  readonly alpha: tf.Tensor1D;
  readonly sigma: tf.Tensor1D;
  readonly skip: tf.Tensor1D;
  readonly out: tf.Tensor1D;
  readonly in: tf.Tensor1D;
  readonly noise: tf.Tensor1D;
  readonly weight: tf.Tensor1D;
  readonly targetX0: tf.Tensor1D;
  readonly targetEps: tf.Tensor1D;
  /** Class per image, [B] int32. */
  readonly labels?: tf.Tensor1D;
}

/** The loss of a batch, and of each of its images. */
export interface BatchLoss {
  /** Mean over images, []. */
  readonly loss: tf.Scalar;
  /** weight · mean over pixels, [B]. */
  readonly perImage: tf.Tensor1D;
}

/**
 * mean over images of weight · mean over pixels of loss(F(in · x_t, noise), (x_0 − skip · x_t) / out).
 *
 * Pure, and the same graph for every batch of a shape: call it inside tf.tidy, tf.valueAndGrads or a recorded step.
 * Of a network that learns variances only the first half of the channels is looked at.
 *
 * Source: Ho et al. 2020, eq. 14; Karras et al. 2022, eq. 8.
 *
 * @throws DdpmError when the network's output does not have the shape of the images
 */
export function batchLoss(
  { denoiser, loss }: { readonly denoiser: Denoiser; readonly loss: ElementLoss },
  params: Params,
  inputs: LossInputs,
  mode: Mode,
): BatchLoss {
  const { x0, eps, labels } = inputs;
  const x = diffuse(x0, eps, inputs.alpha, inputs.sigma);
  const scaled = tf.mul(perImage(inputs.in, x0), x) as tf.Tensor4D;
  const f = meanChannels(
    denoiser,
    denoiser.apply(params, scaled, inputs.noise, labels ? { labels } : {}, mode),
  );
  expectShape("diffusion/loss", `the output of ${denoiser.name}`, f.shape, x0.shape);
  const target = tf.add(
    tf.mul(perImage(inputs.targetX0, x0), x0),
    tf.mul(perImage(inputs.targetEps, x0), eps),
  );
  const each = tf.mean(tf.reshape(loss.apply(f, target), [x0.shape[0], -1]), 1);
  const weighted = tf.mul(each, inputs.weight) as tf.Tensor1D;
  return { loss: tf.mean(weighted) as tf.Scalar, perImage: weighted };
}

/** The channels that are F: all of them, or the first half where the second is for the variance. */
export function meanChannels({ learnsVariance, channels }: Denoiser, output: tf.Tensor4D): tf.Tensor4D {
  if (!learnsVariance) return output;
  const [batch, height, width] = output.shape;
  return tf.slice(output, [0, 0, 0, 0], [batch, height, width, channels]);
}

/** The channels that are for the variance, raw, where the network has them. */
export function varianceChannels(
  { learnsVariance, channels }: Denoiser,
  output: tf.Tensor4D,
): tf.Tensor4D | undefined {
  if (!learnsVariance) return undefined;
  const [batch, height, width] = output.shape;
  return tf.slice(output, [0, 0, 0, channels], [batch, height, width, channels]);
}
