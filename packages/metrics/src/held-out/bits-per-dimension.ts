import { fail } from "@ddpm/core";
import { type Estimate, meanEstimate } from "../statistics/estimate.ts";

/**
 * Mean bits per dimension over held-out images, with its error bar.
 *
 * Source: Ho et al. 2020, section 3.3; the bound of every image comes from the caller.
 *
 * @param perImage bound of every image in bits per dimension, [N]
 * @param of       fingerprint of the images that were read
 * @throws DdpmError for fewer than two images, or a bound that is not finite
 */
export function bitsPerDimension(perImage: ArrayLike<number>, of: string): Estimate {
  for (let i = 0; i < perImage.length; i++) {
    if (Number.isFinite(perImage[i]!)) continue;
    fail("metrics/bits-per-dimension", `image ${i} has ${perImage[i]} bits per dimension.`);
  }
  return meanEstimate({ metric: "bits-per-dimension", count: perImage.length, of }, perImage);
}
