import { upsampleNearest } from "@ddpm/unet/authoring";
import type * as tf from "@tensorflow/tfjs-core";

/** Every pixel repeated, until the height is that of `like`, which is a power of two times that of `x`. */
export function nearestTo(x: tf.Tensor4D, like: tf.Tensor4D): tf.Tensor4D {
  let y = x;
  while (y.shape[1] < like.shape[1]) y = upsampleNearest(y);
  return y;
}
