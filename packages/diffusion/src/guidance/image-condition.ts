import type { Random } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";

/** What there is to make a condition of: a clean image in training, whatever someone has at sampling. */
export interface ConditionImageSource {
  /** [h, w, C], in the range of the training images. */
  readonly image: Float32Array;
  readonly shape: ImageShape;
  /** 1 where the image is to be painted, 0 where it is to stay, [H, W]; drawn where it is left out. */
  readonly mask?: Float32Array;
  /** Mid-grey in the images' range: 0 for [−1, 1] (when left out), 0.5 for [0, 1]. */
  readonly grey?: number;
}

/**
 * An image that a network is conditioned on, made of a clean one, concatenated to the network's input.
 * Plain numbers on the host, so that a condition is the same on every backend and a training step takes it as an input.
 */
export interface ImageCondition {
  readonly name: string;
  /** Channels of the condition for images of so many channels; the first of them are a picture of the same kind. */
  channels(ofImage: number): number;
  /** Sizes [H, W] of images that are taken at sampling, besides those of the results; none when left out. */
  sizes?(
    size: readonly [height: number, width: number],
  ): readonly (readonly [height: number, width: number])[];
  /**
   * @param source an image of the results' size, or of one of `sizes`
   * @param size   [H, W] of the results
   * @param random this image's own stream
   * @returns      [H, W, channels(C)]
   * @throws DdpmError for a size that it does not take, or a mask that it has no use for
   */
  make(
    source: ConditionImageSource,
    size: readonly [height: number, width: number],
    random: Random,
  ): Float32Array;
}
