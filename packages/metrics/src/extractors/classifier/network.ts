import type { Params, Random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** What a {@link classify} network looks like. */
export interface ClassifierShape {
  readonly channels: number;
  readonly classes: number;
  /** Channels of the first layer; the next two have twice and four times as many. */
  readonly width: number;
  /** Numbers per image before the classes. */
  readonly features: number;
}

/** Weights by He's rule; the last layer starts at zero. Source: He et al. 2015, eq. 10. */
export function initClassifier(
  { channels, classes, width, features }: ClassifierShape,
  random: Random,
): Params {
  const kernel = (name: string, shape: readonly number[]): tf.Tensor => {
    const inputs = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const count = inputs * shape.at(-1)!;
    const values = random.fork(name).normals(count);
    return tf.tensor(
      values.map((value) => value * Math.sqrt(2 / inputs)),
      [...shape],
    );
  };
  return {
    "conv0.kernel": kernel("conv0", [3, 3, channels, width]),
    "conv0.bias": tf.zeros([width]),
    "conv1.kernel": kernel("conv1", [3, 3, width, 2 * width]),
    "conv1.bias": tf.zeros([2 * width]),
    "conv2.kernel": kernel("conv2", [3, 3, 2 * width, 4 * width]),
    "conv2.bias": tf.zeros([4 * width]),
    "features.kernel": kernel("features", [4 * width * 2, features]),
    "features.bias": tf.zeros([features]),
    "classes.kernel": tf.zeros([features, classes]),
    "classes.bias": tf.zeros([classes]),
  };
}

/**
 * Three convolutions, of which two halve the picture; mean and maximum over the picture; a layer of features; the classes.
 *
 * @param x [B, H, W, C] in [−1, 1]
 * @returns features [B, features] before their nonlinearity, logits [B, classes]; the caller disposes both
 */
export function classify(params: Params, x: tf.Tensor4D): { features: tf.Tensor2D; logits: tf.Tensor2D } {
  return tf.tidy(() => {
    const conv = (y: tf.Tensor4D, name: string, stride: 1 | 2): tf.Tensor4D => {
      const convolved = tf.conv2d(y, params[`${name}.kernel`] as tf.Tensor4D, stride, "same");
      return tf.relu(tf.add(convolved, params[`${name}.bias`]!)) as tf.Tensor4D;
    };
    const dense = (y: tf.Tensor2D, name: string): tf.Tensor2D =>
      tf.add(tf.matMul(y, params[`${name}.kernel`] as tf.Tensor2D), params[`${name}.bias`]!);
    const y = conv(conv(conv(x, "conv0", 1), "conv1", 2), "conv2", 2);
    const pooled = tf.concat([tf.mean(y, [1, 2]), tf.max(y, [1, 2])], 1) as tf.Tensor2D;
    const features = dense(pooled, "features");
    return { features, logits: dense(tf.relu(features), "classes") };
  });
}
