import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import "../src/index.ts";

const SIZES = ["1x1", "2x2", "1x5", "3x7"] as const;
/** Less than a block of channels of any processor, one block of 8, around one of 16, and two with some left over. */
const CHANNELS = [1, 3, 8, 16, 17];
const OUT = 24;

/** The gradient of a bias before a norm is a small difference of large sums; their order depends on the processor. */
const TOLERANCE = 5e-5;

const wave = (shape: number[], step: number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(step * (i + 1))),
    shape,
  );

/**
 * A convolution with bias, a norm over pixels, a pooling, a strided and a 1x1 convolution, a residual sum. The maximum is
 * pooled: the cpu backend divides gradients of means at the border by the wrong number of pixels.
 */
function network(x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor, v: tf.Tensor, u: tf.Tensor): tf.Scalar {
  const conv = (h: tf.Tensor, filter: tf.Tensor, stride = 1): tf.Tensor4D =>
    tf.conv2d(h as tf.Tensor4D, filter as tf.Tensor4D, stride, "same");
  const h = tf.add(conv(x, w), bias) as tf.Tensor4D;
  const { mean, variance } = tf.moments(h, [1, 2], true);
  const normal = tf.div(tf.sub(h, mean), tf.sqrt(tf.add(variance, 0.1))) as tf.Tensor4D;
  const mixed = tf.add(conv(tf.maxPool(normal, 3, 1, "same"), v), h);
  return tf.sum(tf.square(conv(tf.concat([mixed, x], 3), u, 2))) as tf.Scalar;
}

/** The network's value and the gradients of all that it is given. */
async function everything(backend: string, size: string, channels: number): Promise<ArrayLike<number>[]> {
  await tf.setBackend(backend);
  const [height, width] = size.split("x").map(Number) as [number, number];
  return tf.tidy(() => {
    const inputs = [
      wave([3, height, width, channels], 0.37),
      wave([3, 3, channels, OUT], 0.61),
      wave([OUT], 0.2),
      wave([3, 3, OUT, OUT], 0.83),
      wave([1, 1, OUT + channels, 16], 0.47),
    ];
    const { value, grads } = tf.valueAndGrads(network as never)(inputs);
    return [value, ...grads].map((tensor) => tensor.dataSync());
  });
}

describe("pictures of a few pixels have the values and gradients of the cpu backend", () => {
  for (const size of SIZES) {
    it(`${size} pixels, ${CHANNELS.join(", ")} channels`, async () => {
      for (const channels of CHANNELS) {
        const found = await everything("onnx", size, channels);
        const expected = await everything("cpu", size, channels);
        for (const [k, reference] of expected.entries()) {
          const scale = Array.from(reference).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-6);
          const worst = Array.from(reference).reduce(
            (most, x, i) => Math.max(most, Math.abs(x - found[k]![i]!)),
            0,
          );
          expect(worst / scale, `${channels} channels, result ${k}`).toBeLessThan(TOLERANCE);
        }
      }
    });
  }
});
