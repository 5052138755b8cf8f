import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import "../src/index.ts";

beforeAll(async () => {
  await tf.setBackend("onnx");
});

/** Numbers of zero mean that repeat only after a long while. */
const wave = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * step) + Math.cos(i * i * 0.001));

/** Group norm of [B, H, W, C] by its definition, in float64: scale 1, shift 0. */
function reference(
  x: Float32Array,
  [b, h, w, c]: readonly number[],
  groups: number,
  eps: number,
): Float64Array {
  const y = new Float64Array(x.length);
  const width = c! / groups;
  for (let image = 0; image < b!; image++)
    for (let group = 0; group < groups; group++) {
      const members: number[] = [];
      for (let pixel = 0; pixel < h! * w!; pixel++)
        for (let k = 0; k < width; k++) members.push((image * h! * w! + pixel) * c! + group * width + k);
      const mean = members.reduce((sum, i) => sum + x[i]!, 0) / members.length;
      const variance = members.reduce((sum, i) => sum + (x[i]! - mean) ** 2, 0) / members.length;
      for (const i of members) y[i] = (x[i]! - mean) / Math.sqrt(variance + eps);
    }
  return y;
}

test.each([
  ["blocks of channels", [2, 8, 8, 32], 8],
  ["one channel per group", [2, 4, 4, 16], 16],
  ["channels that fill no block", [3, 5, 7, 12], 3],
] as const)("the norm keeps the variance of %s far from zero", (_, shape, groups) => {
  const count = shape.reduce((product, size) => product * size, 1);
  // A mean a thousand times the deviation: E[x²] − mean² would be off by more than the variance itself.
  const values = wave(count, 0.7).map((value) => 100 + 0.1 * value);
  const [, , , channels] = shape;
  const [y] = tf.engine().runKernel(
    "GroupNorm",
    {
      x: tf.tensor4d(values, [...shape]),
      scale: tf.ones([1, 1, 1, channels]),
      shift: tf.zeros([1, 1, 1, channels]),
    },
    { groups, eps: 1e-5, activation: "linear" },
  ) as unknown as [tf.Tensor];
  const found = y.dataSync();
  const wanted = reference(values, shape, groups, 1e-5);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
  expect(worst).toBeLessThan(1e-3);
});
