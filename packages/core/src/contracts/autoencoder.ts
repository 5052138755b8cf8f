import type { Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import type { Random } from "../random/random.ts";
import type { Mode, ParamSpec } from "./denoiser.ts";
import type { Params } from "./params.ts";

/** Latents as the nearest rows of a codebook. */
export interface Quantised {
  /** [B, h, w, latentChannels]: the nearest row of each latent; gradients go to the codebook, none to the latents. */
  readonly codes: Tensor4D;
  /** [B, h, w] int32: which row it is. */
  readonly indices: Tensor3D;
}

/** The codebook of an autoencoder that quantises its latents. */
export interface Codebook {
  /** Rows: indices are 0 … size − 1. */
  readonly size: number;
  /** The nearest row of each latent; in training, rows that are averages of latents move by `mode.update`. */
  quantise(params: Params, latents: Tensor4D, mode?: Mode): Quantised;
  /**
   * Rows by their indices.
   *
   * @param indices [B, h, w] int32
   */
  lookup(params: Params, indices: Tensor3D): Tensor4D;
  /** Images of codes, or of other latents, which are not quantised first. */
  decode(params: Params, codes: Tensor4D, mode?: Mode): Tensor4D;
}

/** Latents in [−magnitude, magnitude] as shares of one, `latent / (2 · magnitude) + shift`. */
export interface LatentRange {
  readonly magnitude: number;
  readonly shift: number;
}

/** A number for all latent channels, or one per channel. */
export type PerChannel = number | readonly number[];

/** A network from images to latents and back, as pure functions of its weights; images are in [−1, 1]. */
export interface Autoencoder {
  readonly name: string;
  /** Every parameter in order. */
  readonly specs: readonly ParamSpec[];
  /** Channels of the images it encodes. */
  readonly channels: number;
  /** Channels of the images it decodes. */
  readonly outputs: number;
  /** Channels of its latents. */
  readonly latentChannels: number;
  /** Rows and columns of an image per row and column of its latents: sizes of images must be multiples of this. */
  readonly factor: number;
  /** `encode` returns a normal distribution per latent: `latentChannels` means, then as many logarithms of variances. */
  readonly gaussian: boolean;
  /** Where latents are quantised; `decode` then quantises first. */
  readonly codebook?: Codebook;
  /** Where latents are meant to be stored as bytes. */
  readonly range?: LatentRange;
  /** Diffusion models see (latents − shift) · scale; absent: nothing is known, as of a network that is not trained yet. */
  readonly scale?: PerChannel;
  /** See `scale`; 0 when absent. */
  readonly shift?: PerChannel;
  /** Fresh parameters, one tensor per spec, each from its own fork of `random`. */
  init(random: Random): Params;
  /**
   * @param x [B, H, W, channels] in [−1, 1]
   * @returns [B, H / factor, W / factor, latentChannels], twice the channels where it is `gaussian`
   * @throws DdpmError for other channels, or sizes that are no multiples of `factor`
   */
  encode(params: Params, x: Tensor4D, mode?: Mode): Tensor4D;
  /**
   * @param latents [B, h, w, latentChannels]
   * @returns       [B, h · factor, w · factor, outputs]
   * @throws DdpmError for other channels
   */
  decode(params: Params, latents: Tensor4D, mode?: Mode): Tensor4D;
}
