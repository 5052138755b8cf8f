import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { configureOnnx } from "../src/index.ts";

beforeAll(async () => {
  configureOnnx({ plainConvolutions: true });
  await tf.setBackend("onnx");
});

/** A convolution, its bias, a pooling and a doubling, with the gradients of all inputs. */
async function gradients(backend: string): Promise<number[][]> {
  await tf.setBackend(backend);
  const wave = (shape: [number, number, number, number], step: number): tf.Tensor4D =>
    tf.tensor4d(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(step * i + 1)),
      shape,
    );
  const f = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Scalar => {
    const y = tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"), b) as tf.Tensor4D;
    return tf.sum(tf.square(tf.avgPool(y, 2, 2, "valid"))) as tf.Scalar;
  };
  return tf.tidy(() => {
    const inputs = [wave([16, 6, 6, 16], 0.37), wave([3, 3, 16, 32], 0.61), tf.ones([32])];
    return tf
      .grads(f as never)(inputs)
      .map((gradient) => [...gradient.dataSync()]);
  });
}

it("gives the gradients of the cpu backend where blocked convolutions are not used", async () => {
  const [onnx, cpu] = [await gradients("onnx"), await gradients("cpu")];
  for (const [k, expected] of cpu.entries()) {
    const scale = Math.max(...expected.map(Math.abs));
    const worst = Math.max(...expected.map((value, i) => Math.abs(value - onnx[k]![i]!)));
    expect(worst / scale).toBeLessThan(1e-5);
  }
});
