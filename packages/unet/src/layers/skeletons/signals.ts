import * as tf from "@tensorflow/tfjs-core";

/** Signals as images of width 1, [B, L, C] → [B, L, 1, C]: what the layers for images take; nothing is moved. */
export function asImage(x: tf.Tensor): tf.Tensor4D {
  const [batch, length, channels] = x.shape as [number, number, number];
  return tf.reshape(x, [batch, length, 1, channels]);
}

/** Images of width 1 as signals, [B, L, 1, C] → [B, L, C]. */
export function asSignal(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, length, , channels] = x.shape;
  return tf.reshape(x, [batch, length, channels]);
}

/** Every number of signals, as images of width 1, twice: [B, L, 1, C] → [B, 2L, 1, C]. */
export function repeatLength(x: tf.Tensor4D): tf.Tensor4D {
  const [batch, length, , channels] = x.shape;
  return tf.reshape(tf.concat([x, x], 2), [batch, 2 * length, 1, channels]);
}
