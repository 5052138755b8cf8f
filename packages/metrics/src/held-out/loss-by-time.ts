import { fail } from "@ddpm/core";
import { type Estimate, meanEstimate, studentEstimate } from "../statistics/estimate.ts";

/** The loss of one image at one time. */
export interface LossSample {
  /** In [0, 1], 1 the noisiest. */
  readonly time: number;
  readonly loss: number;
  /** Number of the image: samples of one image are not independent, which the errors account for. */
  readonly image: number;
}

/** Mean loss over times from…to. */
export interface LossBucket extends Estimate {
  readonly from: number;
  readonly to: number;
}

/** Held-out loss as a function of time. */
export interface LossByTime {
  /** By time, least noise first. */
  readonly buckets: readonly LossBucket[];
  /** Mean over all times, with the same weight for every bucket. */
  readonly total: Estimate;
}

/** Options of {@link lossByTime}. */
export interface LossByTimeOptions {
  /** Equal parts of [0, 1]; 10. */
  readonly buckets?: number;
  /** Fingerprint of what makes losses comparable: images, target, weight, range of times. */
  readonly of: string;
  /** Name of the loss; `loss`. */
  readonly metric?: string;
}

/**
 * Averages held-out losses over buckets of time. The standard errors are those of a mean over images (samples of one image
 * are averaged first within its bucket; in the total its buckets are added up first), so that many
 * times of one image do not shrink the error wrongly.
 *
 * @throws DdpmError for a time outside [0, 1], a loss that is not finite, or a bucket with fewer than two images
 */
export function lossByTime(
  samples: Iterable<LossSample>,
  { buckets = 10, of, metric = "loss" }: LossByTimeOptions,
): LossByTime {
  const where = "metrics/loss-by-time";
  const cells = Array.from({ length: buckets }, () => new Map<number, { sum: number; count: number }>());
  for (const { time, loss, image } of samples) {
    if (!(time >= 0 && time <= 1)) fail(where, `time ${time} given, expected it within 0 and 1.`);
    if (!Number.isFinite(loss)) fail(where, `the loss of image ${image} at time ${time} is ${loss}.`);
    const cell = cells[Math.min(buckets - 1, Math.floor(time * buckets))]!;
    const { sum, count } = cell.get(image) ?? { sum: 0, count: 0 };
    cell.set(image, { sum: sum + loss, count: count + 1 });
  }
  const means = cells.map((cell, b): Estimate => {
    const values = [...cell.values()].map(({ sum, count }) => sum / count);
    if (values.length < 2) {
      const range = `${b / buckets} to ${(b + 1) / buckets}`;
      fail(where, `${values.length} images between times ${range}, expected at least 2.`, "Draw more times.");
    }
    return meanEstimate({ ...{ metric, settings: rangeOf(b, buckets) }, count: values.length, of }, values);
  });
  return {
    buckets: means.map((mean, b) => ({ ...mean, ...rangeOf(b, buckets) })),
    total: totalOf(cells, means, { metric, of }),
  };
}

function rangeOf(bucket: number, buckets: number): { readonly from: number; readonly to: number } {
  return { from: bucket / buckets, to: (bucket + 1) / buckets };
}

/** Mean of the buckets' means; its error from each image's influence on the total. */
function totalOf(
  cells: readonly ReadonlyMap<number, { readonly sum: number; readonly count: number }>[],
  means: readonly Estimate[],
  { metric, of }: { readonly metric: string; readonly of: string },
): Estimate {
  const influence = new Map<number, number>();
  for (const [b, cell] of cells.entries()) {
    for (const [image, { sum, count }] of cell) {
      const excess = (sum / count - means[b]!.value) / (cell.size * cells.length);
      influence.set(image, (influence.get(image) ?? 0) + excess);
    }
  }
  const n = influence.size;
  let square = 0;
  for (const value of influence.values()) square += value * value;
  const value = means.reduce((sum, mean) => sum + mean.value / means.length, 0);
  const subject = { metric, settings: { buckets: cells.length }, count: n, of };
  return studentEstimate(subject, value, Math.sqrt((square * n) / (n - 1)), n - 1);
}
