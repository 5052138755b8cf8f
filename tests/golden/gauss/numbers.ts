import * as tf from "@tensorflow/tfjs-core";
import { type Allowed, errorOf } from "../result.ts";
import { channelsFirst, channelsLast, type Stored } from "../sampling/file.ts";

/** A stored [B, C, H, W] tensor as [B, H, W, C]. */
export function images({ shape, data }: Stored): tf.Tensor {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  return tf.tensor4d(channelsLast(data, shape), [batch, height, width, channels]);
}

/** Our images [B, H, W, C], flat as golden files have them. */
function flat(tensor: tf.Tensor): Float32Array {
  const [batch, height, width, channels] = tensor.shape;
  return channelsFirst(tensor.dataSync(), [batch, channels, height, width]);
}

/** What float32 may lose against float64: a few roundings of the number and of the largest of its neighbours. */
export const FLOAT32: Allowed = { abs: 1e-6, rel: 1e-6 };
/** What float64 may lose to another order of operations. */
export const FLOAT64: Allowed = { abs: 1e-12, rel: 1e-9 };

/** Rounding grows with the largest number that took part: worst error of images against stored ones. */
export function imageError(ours: tf.Tensor, golden: Stored, gain = 1): number {
  return vectorError(flat(ours), golden.data, gain);
}

/** The same for plain numbers. */
export function vectorError(ours: ArrayLike<number>, golden: readonly number[], gain = 1): number {
  const largest = Math.max(1, gain);
  return errorOf(ours, golden, { abs: 1e-6 * largest, rel: 1e-6 });
}
