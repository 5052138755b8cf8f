import type { Params, Random } from "@ddpm/core";
import { type ImageShape, sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** What a {@link classify} network looks like. */
export interface ClassifierShape {
  /** [H, W, C] of the images. */
  readonly images: ImageShape;
  readonly classes: number;
  /** Channels of the first layer; the halved picture has twice, all smaller ones four times as many. */
  readonly width: number;
  /** Numbers per image before the classes. */
  readonly features: number;
}

/** The picture is halved until its longer side is at most this. */
const SMALL = 4;

/** Weights by He's rule; the last layer starts at zero. Source: He et al. 2015, eq. 10. */
export function initClassifier(
  { images: [height, width, channels], classes, width: first, features }: ClassifierShape,
  random: Random,
): Params {
  const params: Record<string, tf.Tensor> = {};
  const layer = (name: string, shape: readonly number[]): void => {
    const inputs = sizeOf(shape.slice(0, -1));
    const values = random.fork(name).normals(inputs * shape.at(-1)!);
    params[`${name}.kernel`] = tf.tensor(
      values.map((value) => value * Math.sqrt(2 / inputs)),
      [...shape],
    );
    params[`${name}.bias`] = tf.zeros([shape.at(-1)!]);
  };
  let [rows, columns, from] = [height, width, first];
  layer("in", [3, 3, channels, first]);
  for (let level = 0; Math.max(rows, columns) > SMALL; level++) {
    const to = first * (level === 0 ? 2 : 4);
    layer(`down${level}`, [3, 3, from, to]);
    layer(`same${level}`, [3, 3, to, to]);
    [rows, columns, from] = [Math.ceil(rows / 2), Math.ceil(columns / 2), to];
  }
  layer("features", [rows * columns * from, features]);
  return { ...params, "classes.kernel": tf.zeros([features, classes]), "classes.bias": tf.zeros([classes]) };
}

/**
 * Convolutions, by twos for every halving of the picture; a layer of features; the classes.
 *
 * @param x [B, H, W, C] in [−1, 1], of the size that the weights were made for
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
    let y = conv(x, "in", 1);
    for (let level = 0; params[`down${level}.kernel`]; level++) {
      y = conv(conv(y, `down${level}`, 2), `same${level}`, 1);
    }
    const features = dense(tf.reshape(y, [x.shape[0], -1]), "features");
    return { features, logits: dense(tf.relu(features), "classes") };
  });
}
