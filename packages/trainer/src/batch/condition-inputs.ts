import { fail, type Images, type Random } from "@ddpm/core";
import type { Samples } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { BatchOptions, Part } from "./part.ts";

/** Share of images that are shown the network's own guess (Chen et al. 2022, "Analog Bits", algorithm 1). */
const SHOWN = 0.5;

/** What conditions a network besides noise and labels. */
export interface ConditionInputs {
  /** The condition image, [B, H, W, C'], made from image k's stream `condition`. */
  readonly image?: tf.Tensor4D;
  /** How the images were augmented, [B, N], where they and the network have numbers for that. */
  readonly vector?: tf.Tensor2D;
  /** [B], 1 where image k's stream `guess` lets the network see its own prediction, else 0. */
  readonly shown?: tf.Tensor1D;
}

/**
 * Draws {@link ConditionInputs} for a part of a batch. Without them a network takes zeros, as at sampling.
 *
 * @param images the whole batch
 * @param start  the part's first image in it
 * @throws DdpmError where the images have another number of augmentation labels than the network takes
 */
export function drawConditions(
  { condition, grey = 0, selfCondition = SHOWN, denoiser }: BatchOptions,
  root: Random,
  { data, shape, augmentLabels }: Samples,
  start: number,
  { first, count }: Part,
): ConditionInputs {
  const [, height, width, channels] = shape as Images["shape"];
  const made: { -readonly [name in keyof ConditionInputs]: ConditionInputs[name] } = {};
  if (condition) {
    const size = height * width * channels;
    const depth = condition.channels(channels);
    const stream = root.fork("condition");
    const values = new Float32Array(count * height * width * depth);
    for (let i = 0; i < count; i++) {
      const image = data.subarray((start + i) * size, (start + i + 1) * size);
      const source = { image, shape: [height, width, channels], grey } as const;
      const one = condition.make(source, [height, width], stream.fork(first + i));
      values.set(one, i * height * width * depth);
    }
    made.image = tf.tensor4d(values, [count, height, width, depth]);
  }
  if (denoiser.vector && augmentLabels) {
    const each = augmentLabels.length / shape[0]!;
    if (each !== denoiser.vector) {
      fail(
        "trainer/condition-inputs",
        `images have ${each} augmentation labels, ${denoiser.name} takes ${denoiser.vector}.`,
      );
    }
    made.vector = tf.tensor2d(augmentLabels.slice(start * each, (start + count) * each), [count, each]);
  }
  if (denoiser.takesGuess) {
    const coins = root.fork("guess");
    made.shown = tf.tensor1d(
      Float32Array.from({ length: count }, (_, i) =>
        coins.fork(first + i).uniform() < selfCondition ? 1 : 0,
      ),
    );
  }
  return made;
}
