import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Where latent diffusion happens: images as latents of about unit variance, and back. */
export interface LatentSpace {
  /** Channels of the images that go in; `outputs` of those that come out. */
  readonly imageChannels: number;
  /** Channels of the images that come out. */
  readonly outputs: number;
  /** Channels of the latents. */
  readonly channels: number;
  /** Rows and columns of an image per row and column of its latents. */
  readonly factor: number;
  /** Latents are multiplied by this after `shift` was subtracted, one number per channel. */
  readonly scale: readonly number[];
  /** One number per channel. */
  readonly shift: readonly number[];
  /** Whether images have a distribution of latents, so that `encode` takes noise. */
  readonly gaussian: boolean;
  /**
   * Sizes of the latents of images.
   *
   * @throws DdpmError for sizes that are no multiples of `factor`
   */
  sizeOf(image: readonly [height: number, width: number]): [height: number, width: number];
  /**
   * Latents of images, scaled: a sample of each image's distribution where noise is given, else its mean.
   *
   * @param x     [B, H, W, imageChannels] in [−1, 1]
   * @param noise standard normal numbers in the latents' shape
   * @returns     [B, H / factor, W / factor, channels]
   * @throws DdpmError for images or noise of other shapes, and for noise where there is no distribution
   */
  encode(x: Tensor4D, noise?: Tensor4D): Tensor4D;
  /**
   * Images of scaled latents, not clipped.
   *
   * @param z [B, h, w, channels]
   * @returns [B, h · factor, w · factor, outputs]
   */
  decode(z: Tensor4D): Tensor4D;
}
