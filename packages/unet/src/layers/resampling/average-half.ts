import * as tf from "@tensorflow/tfjs-core";

/** Mean of each 2 × 2 pixels, [B, H, W, C] → [B, H/2, W/2, C]. */
export function averageHalf(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, 2, 2, "valid");
}
