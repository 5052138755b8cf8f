import { expectShape, fail, INFERENCE, type Mode, type Params } from "@ddpm/core";
import type { Autoencoder, Codebook, LatentRange, PerChannel } from "@ddpm/core/authoring";
import { initialParams, type Run, type Scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** An autoencoder as its file writes it down; see {@link autoencoderFrom}. */
export interface AutoencoderNetwork {
  readonly name: string;
  readonly channels: number;
  readonly outputs: number;
  readonly latentChannels: number;
  readonly factor: number;
  readonly gaussian?: boolean;
  readonly codebook?: Codebook;
  readonly range?: LatentRange;
  readonly scale?: PerChannel;
  readonly shift?: PerChannel;
  /** @param x checked */
  encode(run: Run, x: tf.Tensor4D): tf.Tensor4D;
  /** @param latents checked */
  decode(run: Run, latents: tf.Tensor4D): tf.Tensor4D;
}

/**
 * Turns a network and the parameters declared in `scope` into an {@link Autoencoder}, whose `encode` and `decode` check
 * shapes and sizes.
 */
export function autoencoderFrom(scope: Scope, network: AutoencoderNetwork): Autoencoder {
  const { encode, decode, gaussian = false, ...facts } = network;
  const declared = [...scope.declared];
  return {
    ...facts,
    gaussian,
    specs: declared.map(({ name, shape, trainable }) => ({ name, shape, trainable })),
    init: (random) => initialParams(declared, random),
    encode(params: Params, x: tf.Tensor4D, mode: Mode = INFERENCE) {
      checkImages(network, x.shape);
      return tf.tidy(() => encode({ params, mode }, x));
    },
    decode(params: Params, latents: tf.Tensor4D, mode: Mode = INFERENCE) {
      checkLatents(network, latents.shape);
      return tf.tidy(() => decode({ params, mode }, latents));
    },
  };
}

type Facts = Pick<Autoencoder, "name" | "channels" | "latentChannels" | "factor">;

/** @throws DdpmError unless these are images that the autoencoder encodes */
export function checkImages({ name, channels, factor }: Facts, shape: readonly number[]): void {
  expectShape(`autoencoder/${name}`, "x", shape, [-1, -1, -1, channels]);
  for (const [axis, word] of [
    [1, "height"],
    [2, "width"],
  ] as const) {
    const given = shape[axis]!;
    if (given % factor === 0 && given > 0) continue;
    const below = Math.floor(given / factor) * factor;
    const sizes = [below, below + factor].filter((near) => near > 0).join(" or ");
    fail(
      `autoencoder/${name}`,
      `${word} ${given} is no multiple of ${factor}.`,
      `The nearest that fit: ${sizes}.`,
    );
  }
}

/** @throws DdpmError unless these are latents that the autoencoder decodes */
export function checkLatents({ name, latentChannels }: Facts, shape: readonly number[]): void {
  expectShape(`autoencoder/${name}`, "latents", shape, [-1, -1, -1, latentChannels]);
}
