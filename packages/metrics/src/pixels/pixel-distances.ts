import { type Images, type Random, random as seeded } from "@ddpm/core";
import { type Estimate, studentEstimate } from "../statistics/estimate.ts";
import { randomGroups } from "../statistics/random-groups.ts";
import { mergePixelStatistics, type PixelStatistics, pixelStatistics } from "./pixel-statistics.ts";

/** Distances between the pixels of two sets. */
export interface PixelDistances {
  /** Root mean square over channels of the difference of means; pixels in [−1, 1]. */
  readonly mean: Estimate;
  /** The same for standard deviations. */
  readonly deviation: Estimate;
  /** 1-Wasserstein distance of the grey levels, mean over channels. */
  readonly histogram: Estimate;
  /** Root mean square over radii above 0 of ln(power / real power): 0.1 is a tenth too much or too little. */
  readonly spectrum: Estimate;
}

/** Options of {@link pixelDistances}. */
export interface PixelDistancesOptions {
  /** Groups of images for the jackknife error; 20. */
  readonly groups?: number;
  /** Assigns images to groups; seed 0. */
  readonly random?: Random;
}

/**
 * Distances between pixel statistics. The real ones are fixed; the error is that of the draw of generated images, by the
 * delete-one-group jackknife. All are at least 0, so they are a little above 0 for equal distributions.
 *
 * @param generated [B, H, W, C] in [−1, 1]
 * @throws DdpmError for sizes that differ, or fewer images than groups
 */
export function pixelDistances(
  real: PixelStatistics,
  generated: Images,
  { groups = 20, random = seeded(0) }: PixelDistancesOptions = {},
): PixelDistances {
  const [count, height, width, channels] = generated.shape;
  const size = height * width * channels;
  const parts = randomGroups("metrics/pixel-distances", count, groups, { random, least: 1 }).map(
    (members) => {
      const data = new Float32Array(members.length * size);
      for (const [i, image] of members.entries())
        data.set(generated.data.subarray(image * size, (image + 1) * size), i * size);
      return pixelStatistics({ data, shape: [members.length, height, width, channels] });
    },
  );
  const all = mergePixelStatistics(parts);
  const without = parts.map((_, left) => mergePixelStatistics(parts.filter((__, part) => part !== left)));
  mergePixelStatistics([real, all]);
  const estimated = (
    name: string,
    distance: (a: PixelStatistics, b: PixelStatistics) => number,
  ): Estimate => {
    const values = without.map((fewer) => distance(real, fewer));
    const middle = values.reduce((sum, value) => sum + value / groups, 0);
    const square = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    const error = Math.sqrt(((groups - 1) / groups) * square);
    const subject = { metric: `pixel-${name}`, count, realCount: real.count, of: "pixels" };
    return studentEstimate(subject, distance(real, all), error, groups - 1);
  };
  return {
    mean: estimated("mean", (a, b) => rootMeanSquare(a.mean.map((value, c) => b.mean[c]! - value))),
    deviation: estimated("deviation", (a, b) =>
      rootMeanSquare(a.deviation.map((value, c) => b.deviation[c]! - value)),
    ),
    histogram: estimated("histogram", histogramDistance),
    spectrum: estimated("spectrum", (a, b) =>
      rootMeanSquare(a.spectrum.slice(1).map((power, i) => logRatio(b.spectrum[i + 1]!, power))),
    ),
  };
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value * value) / values.length, 0));
}

/** ln(a / b), with a floor far below one grey level's rounding, so that flat pictures are comparable. */
function logRatio(a: number, b: number): number {
  const floor = 1e-9;
  return Math.log((a + floor) / (b + floor));
}

function histogramDistance(a: PixelStatistics, b: PixelStatistics): number {
  const channels = a.mean.length;
  const levels = a.histogram.length / channels;
  let distance = 0;
  for (let channel = 0; channel < channels; channel++) {
    let below = 0;
    for (let level = 0; level < levels; level++) {
      below += b.histogram[channel * levels + level]! - a.histogram[channel * levels + level]!;
      distance += (Math.abs(below) * 2) / (levels - 1) / channels;
    }
  }
  return distance;
}
