import type { DenoiseWrapper, Plugin } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";
import { perSample } from "../../process/per-sample.ts";
import { epsOf } from "../../sampling/prediction.ts";

/** Options of {@link dynamicThreshold}. */
export interface DynamicThresholdOptions {
  /** Share of an image's absolute values that stays as it is; 0.995. */
  readonly ratio?: number | undefined;
  /** Highest threshold, at least 1; above it images are cut, not shrunk. ∞. */
  readonly max?: number | undefined;
  /** Keep the noise guess of the image before; false. */
  readonly keepEps?: boolean | undefined;
}

/**
 * Cuts every guess of the clean image at its own quantile s of |x̂_0|, between 1 and `max`, and divides by s: strong
 * guidance then saturates less.
 *
 * Source: Saharia et al. 2022, "Imagen", section 2.3; the quantile interpolates between neighbours as numpy's does.
 */
export const dynamicThreshold: Plugin<DynamicThresholdOptions, DenoiseWrapper> = plugin({
  name: "dynamic-threshold",
  about: "Cuts every prediction of the clean image at its own quantile, and rescales it into the range.",
  source: "Saharia et al. 2022 (Imagen), section 2.3",
  options: {
    ratio: z.number().min(0).max(1).default(0.995).describe("share of absolute values that stays as it is"),
    max: z.number().min(1).default(Number.POSITIVE_INFINITY).describe("highest threshold"),
    keepEps: z.boolean().default(false).describe("keep the noise prediction of the image before"),
  },
  create:
    ({ ratio, max, keepEps }) =>
    (denoise) =>
    (x, at, guess) => {
      const found = denoise(x, at, guess);
      const { x0, eps: _, ...rest } = found;
      const batch = x0.shape[0]!;
      const size = sizeOf(x0.shape.slice(1));
      const place = ratio * (size - 1);
      const low = Math.floor(place);
      const largest = tf.topk(tf.reshape(tf.abs(x0), [batch, size]), size - low).values;
      const column = (fromTop: number) => tf.slice(largest, [0, fromTop], [batch, 1]);
      const below = column(size - low - 1);
      const above = column(Math.max(size - low - 2, 0));
      const quantile = tf.add(below, tf.mul(tf.sub(above, below), tf.scalar(place - low)));
      const limit = perSample(tf.reshape(tf.minimum(tf.maximum(quantile, 1), max), [batch]), x0);
      const cut = tf.div(tf.minimum(tf.maximum(x0, tf.neg(limit)), limit), limit);
      return keepEps ? { ...rest, x0: cut, eps: epsOf({ ...found, x, at }) } : { ...rest, x0: cut };
    },
});
