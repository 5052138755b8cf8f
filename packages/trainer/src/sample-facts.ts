import { expectShape, type Images } from "@ddpm/core";
import { median } from "./check.ts";

/** What {@link sampleFacts} measures: fields of a history's row. */
export interface SampleFacts {
  /** Share of the samples' numbers within 0.5 % of the ends of the range. */
  readonly saturated: number;
  /** The same in the data. */
  readonly dataSaturated: number;
  /** Share of samples whose nearest training image is less than half as far as training images are from theirs. */
  readonly copied: number;
}

/** Distances below this share of the usual one make a copy. */
const COPY = 0.5;

/**
 * Compares samples with training images, pixel by pixel.
 *
 * @param samples  [N, H, W, C]
 * @param training [M, H, W, C], M ≥ 2, in the same range
 * @param range    ends of it, e.g. [−1, 1]
 */
export function sampleFacts(
  samples: Images,
  training: Images,
  [low, high]: readonly [number, number] = [-1, 1],
): SampleFacts {
  expectShape("trainer", "samples", samples.shape.slice(1), training.shape.slice(1));
  const edge = (high - low) / 400;
  const atEnds = ({ data }: Images): number =>
    data.reduce((count, value) => count + (value < low + edge || value > high - edge ? 1 : 0), 0) /
    data.length;
  const usual = median(nearest(training, training, true));
  const near = nearest(samples, training, false).filter((distance) => distance < COPY * usual);
  return {
    saturated: atEnds(samples),
    dataSaturated: atEnds(training),
    copied: near.length / samples.shape[0],
  };
}

/** Root mean square distance of each image to the nearest of others; `same` leaves out itself and its equals. */
function nearest(images: Images, others: Images, same: boolean): number[] {
  const [count, ...shape] = images.shape;
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, i) => {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < others.shape[0]; j++) {
      let sum = 0;
      for (let k = 0; k < size && sum < least; k++) {
        sum += (images.data[i * size + k]! - others.data[j * size + k]!) ** 2;
      }
      if (sum < least && !(same && (i === j || sum === 0))) least = sum;
    }
    return Math.sqrt(least / size);
  });
}
