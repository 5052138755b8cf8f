import type { Images } from "@ddpm/core";
import { eachPair } from "./pairs.ts";

/**
 * Peak signal-to-noise ratio of pairs of images, in dB: 10 log₁₀(range² / mean square of the difference), over all
 * pixels and channels; ∞ for equal images.
 *
 * Source: Huynh-Thu and Ghanbari 2008, eq. 1; scikit-image `peak_signal_noise_ratio`.
 *
 * @param a [B, H, W, C]
 * @param b [B, H, W, C]
 * @param range largest less smallest value that a pixel may have; 2, as pixels are in [−1, 1]
 * @returns [B]
 * @throws DdpmError for sets of different shapes
 */
export function peakSignalToNoise(a: Images, b: Images, range = 2): Float64Array {
  return eachPair("metrics/peak-signal-to-noise", a, b, (p, q) => {
    let squares = 0;
    for (let i = 0; i < p.length; i++) squares += (p[i]! - q[i]!) ** 2;
    return 10 * Math.log10((range ** 2 * p.length) / squares);
  });
}
