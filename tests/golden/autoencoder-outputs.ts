import * as tf from "@tensorflow/tfjs";
import {
  latentBytes,
  latentsOfBytes,
  latentsOfUnit,
  posteriorDeviation,
  type Tiling,
  unitLatents,
} from "../../packages/autoencoder/src/authoring.ts";
import {
  commitmentLoss,
  gaussianPosterior,
  klDivergence,
  negativeLogLikelihood,
  posteriorSample,
  straightThrough,
  tiledDecode,
  tiledEncode,
} from "../../packages/autoencoder/src/index.ts";
import { tileGrids } from "../../packages/autoencoder/src/tiles/grid.ts";
import type { Autoencoder } from "../../packages/core/src/authoring.ts";
import { isDdpmError, type Params } from "../../packages/core/src/index.ts";
import type { AutoencoderCase } from "./autoencoder-case.ts";

type Outputs = Record<string, tf.Tensor>;

/** What one pass is given. */
export interface Given {
  readonly params: Params;
  /** [B, H, W, C] in the reference's range. */
  readonly x: tf.Tensor4D;
  /** Of the posterior. */
  readonly noise?: tf.Tensor4D | undefined;
}

/** Outputs under the reference's names, channels last, and the loss. */
export type Computed = {
  readonly outputs: Outputs;
  readonly loss: tf.Scalar;
};

/** Every output that a file of this class may store, and the loss that its gradients are of. */
export function computed(one: AutoencoderCase, given: Given): Computed {
  if (one.autoencoder.gaussian) return gaussian(one, given);
  return one.autoencoder.codebook ? quantised(one, given) : plain(one, given);
}

function difference(decoded: tf.Tensor, x: tf.Tensor): tf.Scalar {
  return tf.mean(tf.squaredDifference(decoded, x));
}

function gaussian({ file, autoencoder }: AutoencoderCase, { params, x, noise }: Given): Computed {
  const moments = autoencoder.encode(params, x);
  const posterior = gaussianPosterior(moments);
  const sample = posteriorSample(posterior, noise!);
  const decoded = autoencoder.decode(params, sample);
  const kl = klDivergence(posterior);
  const { scaling_factor: factor = 0.18215, shift_factor: shift } = file.constructor;
  const { tiling } = file;
  const tiles = tiling && {
    size: tiling.tile_sample_min_size,
    latentSize: tiling.tile_latent_min_size,
    overlap: tiling.tile_overlap_factor,
  };
  return {
    outputs: {
      moments,
      mean: posterior.mean,
      logvar: posterior.logVariance,
      std: posteriorDeviation(posterior),
      mode: posterior.mean,
      sample,
      kl,
      nll_of_sample: negativeLogLikelihood(posterior, sample),
      scaled: tf.mul(tf.sub(sample, Number(shift ?? 0)), Number(factor)),
      decoded,
      decoded_mode: autoencoder.decode(params, posterior.mean),
      ...(tiles && joins(autoencoder, tiles)
        ? {
            tiled_moments: tiledEncode(autoencoder, params, x, tiles),
            tiled_decoded: tiledDecode(autoencoder, params, sample, tiles),
          }
        : {}),
    },
    loss: tf.add(difference(decoded, x), tf.mul(file.kl_weight ?? 0, tf.mean(kl))),
  };
}

function quantised({ file, autoencoder }: AutoencoderCase, { params, x }: Given): Computed {
  const codebook = autoencoder.codebook!;
  const latents = autoencoder.encode(params, x);
  const { codes, indices } = codebook.quantise(params, latents);
  const decoded = autoencoder.decode(params, latents);
  const { beta = 0.25 } = file;
  const loss = commitmentLoss(latents, codes, { beta });
  const looksUp = file.constructor.lookup_from_codebook === true;
  return {
    outputs: {
      latents,
      quantized: straightThrough(latents, codes),
      indices: tf.reshape(indices, [-1]),
      loss_legacy: loss,
      loss_not_legacy: commitmentLoss(latents, codes, { beta, legacy: false }),
      decoded,
      decoded_not_quantized: codebook.decode(params, looksUp ? codebook.lookup(params, indices) : latents),
    },
    loss: tf.add(difference(decoded, x), loss),
  };
}

function plain({ translated, autoencoder }: AutoencoderCase, { params, x }: Given): Computed {
  const fromOne = translated.images === "[0, 1]";
  const decode = (latents: tf.Tensor4D): tf.Tensor4D => {
    const images = autoencoder.decode(params, latents);
    return fromOne ? tf.div(tf.add(images, 1), 2) : images;
  };
  const latents = autoencoder.encode(params, fromOne ? tf.sub(tf.mul(x, 2), 1) : x);
  const range = autoencoder.range!;
  const unit = unitLatents(latents, range);
  const bytes = latentBytes(latents, range);
  const decoded = decode(latents);
  return {
    outputs: {
      latents,
      scaled: unit,
      unscaled: latentsOfUnit(unit, range),
      byte_latents: bytes,
      decoded,
      forward: decode(latentsOfBytes(bytes, range)),
    },
    loss: difference(decoded, x),
  };
}

/** Whether tiles join to what the whole would give; those of the reference need not. */
function joins({ factor }: Autoencoder, tiling: Tiling): boolean {
  try {
    tileGrids(factor, tiling);
    return true;
  } catch (error) {
    if (isDdpmError(error)) return false;
    throw error;
  }
}
