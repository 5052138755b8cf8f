import { CONV2D_BIAS } from "@ddpm/tfjs-kernels";
import type { Conv2DBiasAttributes } from "@ddpm/tfjs-kernels/authoring";
import * as tf from "@tensorflow/tfjs-core";

const isFused = (): boolean => Boolean(tf.getKernel(CONV2D_BIAS, tf.getBackend()));

function fused(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  strides: number,
  pad: "same" | "valid",
): tf.Tensor4D {
  const attributes: Conv2DBiasAttributes = { strides, pad, dataFormat: "NHWC" };
  return tf.engine().runKernel(CONV2D_BIAS, { x, filter, bias }, { ...attributes }) as tf.Tensor4D;
}

/** conv2d(x, filter) + bias, [B, H, W, in] → [B, H', W', out]. */
export function conv2dWithBias(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor,
  stride: number,
  pad: "same" | "valid",
): tf.Tensor4D {
  return isFused() ? fused(x, filter, bias, stride, pad) : tf.add(tf.conv2d(x, filter, stride, pad), bias);
}

/** x · kernel + bias, [N, in] → [N, out]: where it is fused, a convolution of N images of one pixel. */
export function matMulWithBias(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor): tf.Tensor2D {
  if (!isFused()) return tf.add(tf.matMul(x, kernel), bias);
  const [count, channels] = x.shape;
  const out = kernel.shape[1];
  const images = tf.reshape(x, [count, 1, 1, channels]);
  return tf.reshape(fused(images, tf.reshape(kernel, [1, 1, channels, out]), bias, 1, "valid"), [count, out]);
}
