import { expectShape, fail, type Params } from "@ddpm/core";
import {
  type Autoencoder,
  type BatchLoss,
  type Samples,
  sizeOf,
  type TrainingObjective,
} from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { checkImages } from "../autoencoder-from.ts";
import { commitmentLoss } from "../codebook/commitment-loss.ts";
import { straightThrough } from "../codebook/straight-through.ts";
import { gaussianPosterior, klDivergence, posteriorSample } from "../posterior/gaussian.ts";

const where = "autoencoder/reconstruction";

/** Choices of {@link reconstruction}. */
export interface ReconstructionOptions {
  /** Of pixels: |x − x̂|, or (x − x̂)². `l1` when left out, as in latent diffusion. */
  readonly loss?: "l1" | "l2";
  /** Of the divergence from the standard normal distribution, where latents have one; 1e-6. */
  readonly klWeight?: number;
  /** β of the commitment loss, where latents are quantised; 0.25. */
  readonly beta?: number;
}

/** A batch as tensors. */
export interface ReconstructionInputs {
  /** [B, H, W, C] in [−1, 1] */
  readonly x: tf.Tensor4D;
  /** Of the posterior, [B, h, w, latentChannels]; where there is one. */
  readonly noise?: tf.Tensor4D;
  readonly [name: string]: tf.Tensor | undefined;
}

/**
 * What an autoencoder learns: mean distance of the pixels + klWeight · KL / numbers of an image, of latents that are drawn from
 * the posterior; or mean distance + commitment loss, of quantised latents with straight-through gradients.
 *
 * Source: Rombach et al. 2022, appendix G, and CompVis/latent-diffusion contperceptual.py, whose sums over an image are divided by
 * its numbers here; van den Oord et al. 2017, eq. 3.
 *
 * @throws DdpmError for weights that are negative, and an autoencoder that decodes other channels than it encodes
 */
export function reconstruction(
  autoencoder: Autoencoder,
  { loss = "l1", klWeight = 1e-6, beta = 0.25 }: ReconstructionOptions = {},
): TrainingObjective<ReconstructionInputs> {
  const { name, specs, channels, outputs, latentChannels, factor, gaussian } = autoencoder;
  for (const [option, value] of Object.entries({ klWeight, beta })) {
    if (!(value >= 0)) fail(where, `${option} is ${value}, expected a number from 0.`);
  }
  if (channels !== outputs)
    fail(where, `${name} encodes ${channels} channels and decodes ${outputs}.`, "Build it with equal ones.");
  return {
    name,
    specs,
    init: (random) => autoencoder.init(random),
    checkSamples(shape) {
      expectShape(where, "an image", shape, [-1, -1, channels]);
      checkImages(autoencoder, [1, ...shape]);
    },
    inputs({ data, shape }: Samples, random, first) {
      const [count = 0, height = 0, width = 0] = shape;
      const x = tf.tensor4d(data, [...shape] as [number, number, number, number]);
      if (!gaussian) return { x };
      const each = [height / factor, width / factor, latentChannels] as const;
      const noise = new Float32Array(count * sizeOf(each));
      for (let i = 0; i < count; i++)
        noise.set(
          random
            .fork("posterior")
            .fork(first + i)
            .normals(sizeOf(each)),
          i * sizeOf(each),
        );
      return { x, noise: tf.tensor4d(noise, [count, ...each]) };
    },
    loss(params, { x, noise }, mode): BatchLoss {
      const encoded = autoencoder.encode(params, x, mode);
      const { decoded, extra } = noise
        ? drawn(autoencoder, params, encoded, noise, mode, klWeight / sizeOf(x.shape.slice(1)))
        : coded(autoencoder, params, encoded, mode, beta);
      const distance = loss === "l1" ? tf.abs(tf.sub(decoded, x)) : tf.squaredDifference(decoded, x);
      const perSample = tf.add(tf.mean(distance, [1, 2, 3]), extra) as tf.Tensor1D;
      return { loss: tf.mean(perSample) as tf.Scalar, perSample };
    },
  };
}

type Mode = Parameters<Autoencoder["encode"]>[2];

/** Images of latents, and what is added to the loss of each, [B] or []. */
interface Decoded {
  readonly decoded: tf.Tensor4D;
  readonly extra: tf.Tensor;
}

function drawn(
  autoencoder: Autoencoder,
  params: Params,
  moments: tf.Tensor4D,
  noise: tf.Tensor4D,
  mode: Mode,
  weight: number,
): Decoded {
  const posterior = gaussianPosterior(moments);
  return {
    decoded: autoencoder.decode(params, posteriorSample(posterior, noise), mode),
    extra: tf.mul(weight, klDivergence(posterior)),
  };
}

function coded(
  autoencoder: Autoencoder,
  params: Params,
  latents: tf.Tensor4D,
  mode: Mode,
  beta: number,
): Decoded {
  const { codebook } = autoencoder;
  if (!codebook) return { decoded: autoencoder.decode(params, latents, mode), extra: tf.scalar(0) };
  const { codes } = codebook.quantise(params, latents, mode);
  return {
    decoded: codebook.decode(params, straightThrough(latents, codes), mode),
    extra: commitmentLoss(latents, codes, { beta }),
  };
}
