import { fail, type Images, type Random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { BatchOptions, Part } from "./batch.ts";

/** Share of images that are shown the network's own guess (Chen et al. 2022, "Analog Bits", algorithm 1). */
const SHOWN = 0.5;

/**
 * What a network is told besides noise and labels: `image` [B, H, W, C'] from image k's stream `condition`, `shown`
 * [B], 1 where its stream `guess` says that it sees the network's own guess, and `vector` [B, N], how the images were
 * augmented, where they and the network have numbers for that. Without them a network takes zeros, as at sampling.
 *
 * @param images the whole batch
 * @param start  the part's first image in it
 * @throws DdpmError where images tell other numbers than the network takes
 */
export function drawConditions(
  { condition, grey = 0, selfCondition = SHOWN, denoiser }: BatchOptions,
  root: Random,
  { data, shape, augmentLabels }: Images,
  start: number,
  { first, count }: Part,
): Record<string, tf.Tensor> {
  const [, height, width, channels] = shape;
  const made: Record<string, tf.Tensor> = {};
  if (condition) {
    const size = height * width * channels;
    const depth = condition.channels(channels);
    const stream = root.fork("condition");
    const values = new Float32Array(count * height * width * depth);
    for (let i = 0; i < count; i++) {
      const image = data.subarray((start + i) * size, (start + i + 1) * size);
      const offer = { image, shape: [height, width, channels], grey } as const;
      const one = condition.make(offer, [height, width], stream.fork(first + i));
      values.set(one, i * height * width * depth);
    }
    made.image = tf.tensor4d(values, [count, height, width, depth]);
  }
  if (denoiser.vector && augmentLabels) {
    const told = augmentLabels.length / shape[0];
    if (told !== denoiser.vector) {
      fail(
        "trainer",
        `images tell ${told} numbers of how they were augmented, ${denoiser.name} takes ${denoiser.vector}.`,
      );
    }
    made.vector = tf.tensor2d(augmentLabels.slice(start * told, (start + count) * told), [count, told]);
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
