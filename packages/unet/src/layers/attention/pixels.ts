import * as tf from "@tensorflow/tfjs-core";

/** Images as rows of pixels, [B, H, W, C] → [B, H · W, C]. */
export function toPixelRows(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width, channels] = x.shape;
  return tf.reshape(x, [batch, height * width, channels]);
}

/** Rows of pixels as images of the shape of `like`, apart from the channels. */
export function toImages(rows: tf.Tensor3D, like: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width] = like.shape;
  return tf.reshape(rows, [batch, height, width, rows.shape[2]]);
}

/** A vector per image, ready to add to its pixels: [B, C] → [B, 1, 1, C]. */
export function overPixels(x: tf.Tensor2D): tf.Tensor4D {
  return tf.reshape(x, [x.shape[0], 1, 1, x.shape[1]]);
}
