import { expectShape, type Images } from "@ddpm/core";
import { median, sizeOf } from "@ddpm/core/authoring";

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

/** Values between two looks at whether a distance can still be the smallest. */
const BLOCK = 64;

/**
 * Compares samples with training images, pixel by pixel.
 *
 * @param training [M, H, W, C], M ≥ 2; their own distances, of M² pairs, are computed at the first call
 * @param range    lowest and highest value of both, e.g. [−1, 1]
 * @returns        a function of samples [N, H, W, C]
 */
export function sampleFacts(
  training: Images,
  [low, high]: readonly [number, number] = [-1, 1],
): (samples: Images) => SampleFacts {
  const edge = (high - low) / 400;
  const atEnds = ({ data }: Images): number =>
    data.reduce((count, value) => count + (value < low + edge || value > high - edge ? 1 : 0), 0) /
    data.length;
  let usual: number | undefined;
  let dataSaturated: number | undefined;
  return (samples) => {
    expectShape("trainer/sample-facts", "samples", samples.shape.slice(1), training.shape.slice(1));
    usual ??= median(nearest(training, training, true));
    dataSaturated ??= atEnds(training);
    const copies = nearest(samples, training, false).filter((distance) => distance < COPY * usual!);
    return { saturated: atEnds(samples), dataSaturated, copied: copies.length / samples.shape[0] };
  };
}

/** Root mean square distance of each image to the nearest of others; `same` leaves out itself and its equals. */
function nearest(images: Images, others: Images, same: boolean): number[] {
  const [count, ...shape] = images.shape;
  const size = sizeOf(shape);
  return Array.from({ length: count }, (_, i) => {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < others.shape[0]; j++) {
      const sum = squaredDistance(images.data, i * size, others.data, j * size, size, least);
      if (sum < least && !(same && (i === j || sum === 0))) least = sum;
    }
    return Math.sqrt(least / size);
  });
}

/** The squared distance of two images in larger arrays; any number beyond `limit` where it is larger than that. */
function squaredDistance(
  a: Float32Array,
  startOfA: number,
  b: Float32Array,
  startOfB: number,
  size: number,
  limit: number,
): number {
  let sum = 0;
  for (let start = 0; start < size && sum < limit; start += BLOCK) {
    const end = Math.min(start + BLOCK, size);
    for (let k = start; k < end; k++) {
      const difference = a[startOfA + k]! - b[startOfB + k]!;
      sum += difference * difference;
    }
  }
  return sum;
}
