import * as tf from "@tensorflow/tfjs-core";

/** [B, C, H, W] → [B, H, W, C]. */
export const toOurs = (x: tf.Tensor): tf.Tensor4D => tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]);

/** [B, H, W, C] → [B, C, H, W]. */
export const toTorch = (x: tf.Tensor): tf.Tensor => tf.transpose(x as tf.Tensor4D, [0, 3, 1, 2]);
