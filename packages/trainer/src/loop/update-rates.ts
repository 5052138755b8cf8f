import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Progress } from "../learning-rates/progress.ts";
import type { LoopOptions } from "./options.ts";

/** The rates of an update, for its report. */
export interface Rates {
  readonly learningRate: number;
  readonly emaDecay?: number;
}

/**
 * Rates of the update with the number `update`, made when `images` images have been seen.
 *
 * @throws DdpmError for a learning rate that is negative or not finite
 */
export function ratesOf(options: LoopOptions, update: number, images: number): Rates {
  const { batch, until } = options;
  const progress: Progress = { update, images, batch, until, epoch: options.images.length };
  const learningRate = options.learningRate.at(progress);
  if (!(learningRate >= 0 && learningRate < Number.POSITIVE_INFINITY)) {
    fail(
      "trainer/learning-rate",
      `${options.learningRate.name} is no finite rate at update ${update}, after ${images} of ${until} images.`,
      "Check its length, its warm-up and its factor.",
    );
  }
  return options.ema ? { learningRate, emaDecay: options.ema.at(progress) } : { learningRate };
}

/** {@link Rates} as tensors of shape [], for the update step. */
export interface RateInputs {
  /** The optimiser's own numbers: {@link Optimizer.scalars}. */
  readonly optimizer: Readonly<Record<string, tf.Scalar>>;
  /** ema ← decay · ema + rest · params, where weights are averaged. */
  readonly ema?: { readonly decay: tf.Scalar; readonly rest: tf.Scalar };
}

/** The rates of an update as tensors, the caller's to dispose. */
export function rateInputs(options: LoopOptions, update: number, images: number): RateInputs {
  const { learningRate, emaDecay } = ratesOf(options, update, images);
  const numbers = Object.entries(options.optimizer.scalars(update, learningRate));
  return {
    optimizer: Object.fromEntries(numbers.map(([name, value]) => [name, tf.scalar(value)])),
    ...(emaDecay === undefined ? {} : { ema: { decay: tf.scalar(emaDecay), rest: tf.scalar(1 - emaDecay) } }),
  };
}
