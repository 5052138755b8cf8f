import { type DenoiseWrapper, fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";
import { epsOf } from "../../sampling/prediction.ts";

/** Options of {@link clip}. */
export interface ClipOptions {
  /** Lowest value of x̂_0; −1. */
  readonly min?: number | undefined;
  /** Highest value of x̂_0; 1. */
  readonly max?: number | undefined;
  /**
   * Keep the noise guess that belonged to the unclipped x̂_0 (diffusers' DDIM unless `use_clipped_model_output`);
   * otherwise it follows from the clipped one. false.
   */
  readonly keepEps?: boolean | undefined;
}

/**
 * Keeps every guess of the clean image inside the range of images.
 *
 * Source: Ho et al. 2020, diffusion_utils_2.py, `clip_denoised`.
 */
export const clip: Plugin<ClipOptions, DenoiseWrapper> = plugin({
  name: "clip",
  about: "Keeps every prediction of the clean image inside the range of images.",
  source: "Ho et al. 2020, diffusion_utils_2.py, clip_denoised",
  options: {
    min: z.number().default(-1).describe("lowest value of the clean image"),
    max: z.number().default(1).describe("highest value of the clean image"),
    keepEps: z.boolean().default(false).describe("keep the noise prediction of the unclipped image"),
  },
  create({ min, max, keepEps }) {
    if (!(min < max)) fail("diffusion/clip", `min ${min} is not below max ${max}.`);
    return (denoise) => (x, at, guess) => {
      const found = denoise(x, at, guess);
      const { x0, eps: _, ...rest } = found;
      const clipped = tf.clipByValue(x0, min, max);
      return keepEps ? { ...rest, x0: clipped, eps: epsOf({ ...found, x, at }) } : { ...rest, x0: clipped };
    };
  },
});
