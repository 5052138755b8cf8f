import { fail, type Images } from "@ddpm/core";
import { eachPair } from "./pairs.ts";

const where = "metrics/structural-similarity";

/** Side of the window of {@link structuralSimilarity}, in pixels. */
const SIDE = 11;

/** The window along one axis: a normal density of standard deviation 1.5 pixels, cut off and brought to a sum of 1. */
const window = ((): Float64Array => {
  const density = Float64Array.from({ length: SIDE }, (_, i) =>
    Math.exp(-0.5 * ((i - (SIDE - 1) / 2) / 1.5) ** 2),
  );
  const sum = density.reduce((total, value) => total + value, 0);
  return density.map((value) => value / sum);
})();

/**
 * Structural similarity of pairs of images, in [−1, 1]: 1 for equal images. Means, variances and the covariance are
 * those in a Gaussian window of 11 × 11 pixels (σ = 1.5) around each pixel whose window is within the image; the index
 * is the mean over these pixels and over channels.
 *
 * Source: Wang et al. 2004, eq. 13 with K₁ = 0.01, K₂ = 0.03; scikit-image `structural_similarity` with
 * `gaussian_weights` and without `use_sample_covariance`.
 *
 * @param a [B, H, W, C]
 * @param b [B, H, W, C]
 * @param range largest less smallest value that a pixel may have; 2, as pixels are in [−1, 1]
 * @returns [B]
 * @throws DdpmError for sets of different shapes, or a side below 11
 */
export function structuralSimilarity(a: Images, b: Images, range = 2): Float64Array {
  const [, height, width, channels] = a.shape;
  if (height < SIDE || width < SIDE) {
    fail(where, `images of ${height} × ${width}, expected at least ${SIDE} × ${SIDE}.`);
  }
  const blur = blurOf(height, width);
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  return eachPair(where, a, b, (p, q) => {
    let total = 0;
    let pixels = 0;
    for (let channel = 0; channel < channels; channel++) {
      const at = (of: Float32Array, i: number) => of[i * channels + channel]!;
      const meanP = blur((i) => at(p, i));
      const meanQ = blur((i) => at(q, i));
      const squareP = blur((i) => at(p, i) ** 2);
      const squareQ = blur((i) => at(q, i) ** 2);
      const product = blur((i) => at(p, i) * at(q, i));
      for (const [i, m] of meanP.entries()) {
        const n = meanQ[i]!;
        const [varianceP, varianceQ] = [squareP[i]! - m * m, squareQ[i]! - n * n];
        const light = (2 * m * n + c1) / (m * m + n * n + c1);
        total += (light * (2 * (product[i]! - m * n) + c2)) / (varianceP + varianceQ + c2);
      }
      pixels += meanP.length;
    }
    return total / pixels;
  });
}

/** Means in the window around each pixel whose window is within the image, [H − 10, W − 10]. */
function blurOf(height: number, width: number) {
  const [rows, columns] = [height - SIDE + 1, width - SIDE + 1];
  const across = new Float64Array(height * columns);
  return (value: (pixel: number) => number): Float64Array => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let k = 0; k < SIDE; k++) sum += window[k]! * value(y * width + x + k);
        across[y * columns + x] = sum;
      }
    }
    return Float64Array.from({ length: rows * columns }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += window[k]! * across[i + k * columns]!;
      return sum;
    });
  };
}
