import { expectShape, fail, type Params } from "@ddpm/core";
import type { Autoencoder, LatentSpace, PerChannel } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { checkImages } from "../autoencoder-from.ts";
import { gaussianPosterior, posteriorSample } from "../posterior/gaussian.ts";
import type { Tiling } from "../tiles/grid.ts";
import { tileGrids } from "../tiles/grid.ts";
import { tiledDecode, tiledEncode } from "../tiles/tiled.ts";
import { type LatentScaling, perChannel, scaleLatents, unscaleLatents } from "./scaling.ts";

const where = "autoencoder/latent-space";

/** Options of {@link latentSpace}. */
export interface LatentSpaceOptions {
  readonly autoencoder: Autoencoder;
  /** The caller's: it must outlive the latent space. */
  readonly params: Params;
  /** As measured on data (`measureLatents`); as published with the network when left out, 1 where nothing is known. */
  readonly scale?: PerChannel;
  /** As `scale`; 0 where nothing is known. */
  readonly shift?: PerChannel;
  /** Encodes and decodes tile by tile what is larger than a tile; whole when left out. */
  readonly tiling?: Tiling;
}

/**
 * The latents of an autoencoder, scaled for diffusion models: (latents − shift) · scale.
 *
 * Source: Rombach et al. 2022, appendix G.
 *
 * @throws DdpmError for weights of another network, numbers that are no scale, and tiles that do not join
 */
export function latentSpace(options: LatentSpaceOptions): LatentSpace {
  const { autoencoder, params, tiling } = options;
  const { channels: imageChannels, outputs, latentChannels: channels, factor, gaussian } = autoencoder;
  checkParams(autoencoder, params);
  if (tiling) tileGrids(factor, tiling);
  const scaling: LatentScaling = {
    scale: perChannel("scale", options.scale ?? autoencoder.scale ?? 1, channels),
    shift: perChannel("shift", options.shift ?? autoencoder.shift ?? 0, channels),
  };
  const sizeOf = ([height, width]: readonly [number, number]): [number, number] => {
    checkImages(autoencoder, [1, height, width, imageChannels]);
    return [height / factor, width / factor];
  };
  return {
    ...{ imageChannels, outputs, channels, factor, gaussian, ...scaling, sizeOf },
    encode(x, noise) {
      checkImages(autoencoder, x.shape);
      if (noise) checkNoise(autoencoder, noise, [x.shape[0], ...sizeOf([x.shape[1], x.shape[2]]), channels]);
      const encoded = tiling ? tiledEncode(autoencoder, params, x, tiling) : autoencoder.encode(params, x);
      const z = tf.tidy(() => scaleLatents(latentsOf(autoencoder, encoded, noise), scaling));
      encoded.dispose();
      return z;
    },
    decode(z) {
      expectShape(where, "z", z.shape, [-1, -1, -1, channels]);
      const latents = tf.tidy(() => unscaleLatents(z, scaling));
      const decoded = tiling
        ? tiledDecode(autoencoder, params, latents, tiling)
        : autoencoder.decode(params, latents);
      latents.dispose();
      return decoded;
    },
  };
}

function latentsOf({ gaussian }: Autoencoder, encoded: tf.Tensor4D, noise?: tf.Tensor4D): tf.Tensor4D {
  if (!gaussian) return encoded;
  const posterior = gaussianPosterior(encoded);
  return noise ? posteriorSample(posterior, noise) : posterior.mean;
}

function checkNoise({ name, gaussian }: Autoencoder, noise: tf.Tensor4D, expected: readonly number[]): void {
  if (!gaussian)
    fail(where, `noise for ${name}, whose latents have no distribution.`, "Leave the noise out.");
  expectShape(where, "noise", noise.shape, expected);
}

/** @throws DdpmError naming the first parameter that is missing or has another shape */
function checkParams({ name, specs }: Autoencoder, params: Params): void {
  for (const spec of specs) {
    const value = params[spec.name];
    if (!value)
      fail(
        where,
        `"${spec.name}" of ${name} is missing.`,
        "Pass all of init's parameters, or load them all.",
      );
    expectShape(where, `"${spec.name}"`, value.shape, spec.shape);
  }
}
