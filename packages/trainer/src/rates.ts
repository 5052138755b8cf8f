import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainOptions } from "./options.ts";
import type { Progress } from "./progress.ts";

/** The numbers of an update that are worth telling. */
export interface Rates {
  readonly learningRate: number;
  readonly emaDecay?: number;
}

/**
 * Rates of the update with the number `update`, made when `images` images have been seen.
 *
 * @throws DdpmError for a learning rate that is negative or not finite
 */
export function ratesOf(options: TrainOptions, update: number, images: number): Rates {
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

/**
 * The same as tensors of shape [], for the update step.
 *
 * @returns `scalar/…` of the optimiser, `ema decay` and `ema rest` where weights are averaged
 */
export function rateInputs(options: TrainOptions, update: number, images: number): Record<string, tf.Tensor> {
  const { learningRate, emaDecay } = ratesOf(options, update, images);
  const numbers = Object.entries(options.optimizer.scalars(update, learningRate));
  const inputs: Record<string, tf.Tensor> = {};
  for (const [name, value] of numbers) inputs[`scalar/${name}`] = tf.scalar(value);
  if (emaDecay !== undefined) {
    inputs["ema decay"] = tf.scalar(emaDecay);
    inputs["ema rest"] = tf.scalar(1 - emaDecay);
  }
  return inputs;
}
