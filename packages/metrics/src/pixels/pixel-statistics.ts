import { fail, type Images } from "@ddpm/core";
import { type ImageShape, pixelOfValue } from "@ddpm/core/authoring";
import { spectrumOf } from "./spectrum.ts";

/** Number of grey levels: −1 … 1 in steps of 2 / 255. */
const LEVELS = 256;

/** Sums over some pictures, from which everything about their pixels follows; sums of two sets add up. */
export interface PixelStatistics {
  /** N */
  readonly count: number;
  /** [H, W, C] */
  readonly shape: ImageShape;
  /** Mean per channel, [C], in [−1, 1]. */
  readonly mean: Float64Array;
  /** Standard deviation per channel, [C]. */
  readonly deviation: Float64Array;
  /** Share of every grey level per channel, [C, 256]. */
  readonly histogram: Float64Array;
  /** Mean power at every radius of the Fourier transform, [⌊min(H, W) / 2⌋ + 1]. */
  readonly spectrum: Float64Array;
}

/**
 * Mean, deviation, histogram and spectrum of pictures: no network.
 *
 * @param images [B, H, W, C] in [−1, 1]; values beyond count as the nearest grey level in the histogram alone
 * @throws DdpmError for no pictures
 */
export function pixelStatistics({ data, shape }: Images): PixelStatistics {
  const [count, height, width, channels] = shape;
  if (count === 0) fail("metrics/pixels", "no pictures given, expected at least one.");
  const mean = new Float64Array(channels);
  const square = new Float64Array(channels);
  const histogram = new Float64Array(channels * LEVELS);
  const pixels = count * height * width;
  for (let at = 0; at < data.length; at++) {
    const channel = at % channels;
    const value = data[at]!;
    mean[channel] = mean[channel]! + value / pixels;
    square[channel] = square[channel]! + (value * value) / pixels;
    const level = pixelOfValue(value);
    histogram[channel * LEVELS + level] = histogram[channel * LEVELS + level]! + 1 / pixels;
  }
  const size = height * width * channels;
  const spectrumOfOne = spectrumOf([height, width, channels]);
  const spectrum = new Float64Array(Math.floor(Math.min(height, width) / 2) + 1);
  for (let image = 0; image < count; image++) {
    const power = spectrumOfOne(data.subarray(image * size, (image + 1) * size));
    for (let ring = 0; ring < spectrum.length; ring++)
      spectrum[ring] = spectrum[ring]! + power[ring]! / count;
  }
  const deviation = square.map((value, c) => Math.sqrt(Math.max(0, value - mean[c]! ** 2)));
  return { count, shape: [height, width, channels], mean, deviation, histogram, spectrum };
}

/**
 * Statistics of the union of sets of pictures of one size.
 *
 * @throws DdpmError for sizes that differ, or no sets
 */
export function mergePixelStatistics(parts: readonly PixelStatistics[]): PixelStatistics {
  const [first] = parts;
  if (!first) fail("metrics/pixels", "nothing to merge, expected at least one set.");
  if (parts.some(({ shape }) => shape.join() !== first.shape.join())) {
    fail("metrics/pixels", "pictures of different sizes, expected one size.", "Resize one side first.");
  }
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const average = (of: (part: PixelStatistics) => Float64Array): Float64Array =>
    of(first).map((_, i) => parts.reduce((sum, part) => sum + (of(part)[i]! * part.count) / count, 0));
  const mean = average((part) => part.mean);
  const square = average(({ mean: m, deviation }) => deviation.map((value, c) => value ** 2 + m[c]! ** 2));
  return {
    count,
    shape: first.shape,
    mean,
    deviation: square.map((value, c) => Math.sqrt(Math.max(0, value - mean[c]! ** 2))),
    histogram: average((part) => part.histogram),
    spectrum: average((part) => part.spectrum),
  };
}
