import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import "../src/index.ts";

beforeAll(async () => {
  await tf.setBackend("onnx");
});

type Shape = readonly number[];
type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

/** What is differentiated, shapes of its inputs, and the step of the difference where 1e-2 does not do. */
type Case = readonly [name: string, operation: Operation, shapes: string, step?: number];

const shapesOf = (text: string): Shape[] => text.split(" ").map((shape) => shape.split("x").map(Number));

/** Numbers in [-1, 1] that are far from each other, so that no maximum changes hands within a step. */
function values(shape: Shape, seed: number): Float32Array {
  const size = shape.reduce((a, b) => a * b, 1);
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => Math.sin(a * 12.9898 + seed) - Math.sin(b * 12.9898 + seed),
  );
  return Float32Array.from(order, (rank) => (2 * (rank + 0.5)) / size - 0.9);
}

const tensor = (numbers: Float32Array, shape: Shape): tf.Tensor => tf.tensor(numbers, [...shape]);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.prototype.reduce.call(
    a,
    (sum: unknown, x: unknown, i) => (sum as number) + (x as number) * b[i]!,
    0,
  ) as number;

const image = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;
const conv =
  (stride: number | [number, number], pad: Parameters<typeof tf.conv2d>[3]): Operation =>
  (x, w) =>
    tf.conv2d(image(x), image(w), stride, pad, "NHWC", 1, typeof pad === "object" ? "floor" : undefined);
const depthwise =
  (stride: number, pad: "same" | "valid"): Operation =>
  (x, w) =>
    tf.depthwiseConv2d(image(x), image(w), stride, pad);
const explicit: [[number, number], [number, number], [number, number], [number, number]] = [
  [0, 0],
  [2, 1],
  [0, 2],
  [0, 0],
];

/** Group norm as others register it: the fused kernel and its gradient. */
const groupNorm =
  (groups: number, activation: string): Operation =>
  (...inputs) => {
    const attributes = { groups, eps: 1e-5, activation };
    return tf.customGrad((...given) => {
      const save = given.pop() as unknown as (tensors: tf.Tensor[]) => void;
      const [x, scale, shift] = given as [tf.Tensor, tf.Tensor, tf.Tensor];
      const [value, mean, rstd] = tf
        .engine()
        .runKernel("GroupNorm", { x, scale, shift }, attributes) as unknown as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      save([x, scale, shift, mean, rstd]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
        const [x, scale, shift, mean, rstd] = saved as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        const inputs = { dy, x, scale, shift, mean, rstd };
        return tf.engine().runKernel("GroupNormGrad", inputs, attributes) as unknown as tf.Tensor[];
      };
      return { value, gradFunc };
    })(...inputs);
  };

/** Queries, keys and values to what attention makes of them. */
const attention: Operation = (q, k, v) => tf.matMul(tf.softmax(tf.mul(tf.matMul(q, k, false, true), 0.5)), v);

/** Group norm by its definition, as someone who knows no kernel writes it. */
const composedNorm: Operation = (x) => {
  const groups = tf.reshape(x, [2, 16, 2, 8]);
  const { mean, variance } = tf.moments(groups, [1, 3], true);
  return tf.mul(tf.sub(groups, mean), tf.rsqrt(tf.add(variance, 1e-5)));
};

const cases: readonly Case[] = [
  ["conv2d, same", conv(1, "same"), "2x5x4x16 3x3x16x16"],
  ["conv2d, stride 2, same", conv(2, "same"), "2x7x6x3 3x3x3x8"],
  ["conv2d, strides 2 and 1, valid", conv([2, 1], "valid"), "1x7x5x16 3x2x16x5"],
  ["conv2d, stride 3, explicit pads", conv(3, explicit), "2x6x7x4 3x3x4x16"],
  ["conv2d, batch 16 and whole blocks", conv(1, "same"), "16x4x4x16 3x3x16x32"],
  ["conv2d, 1x1", conv(1, "valid"), "2x3x3x16 1x1x16x16"],
  [
    "conv2d of a doubled picture",
    (x, w) => tf.conv2d(tf.image.resizeNearestNeighbor(image(x), [6, 8]), image(w), 1, "same"),
    "2x3x4x16 3x3x16x16",
  ],
  [
    "conv2dTranspose, stride 2",
    (x, w) => tf.conv2dTranspose(image(x), image(w), [2, 6, 8, 5], 2, "same"),
    "2x3x4x6 3x3x5x6",
  ],
  ["depthwiseConv2d, stride 2", depthwise(2, "same"), "2x6x5x4 3x3x4x2"],
  ["avgPool, stride 2, same", (x) => tf.avgPool(image(x), 3, 2, "same"), "2x7x5x16"],
  ["avgPool, window 2, stride 1", (x) => tf.avgPool(image(x), 2, 1, "valid"), "2x4x5x3"],
  ["maxPool, stride 2, same", (x) => tf.maxPool(image(x), 3, 2, "same"), "1x6x5x4", 1e-3],
  ["maxPool, overlapping", (x) => tf.maxPool(image(x), 2, 1, "valid"), "1x4x4x8", 1e-3],
  ["resizeNearestNeighbor, batch 2", (x) => tf.image.resizeNearestNeighbor(image(x), [6, 5]), "2x3x4x16"],
  ["resizeBilinear", (x) => tf.image.resizeBilinear(image(x), [7, 3]), "2x4x5x3"],
  ["resizeBilinear, corners aligned", (x) => tf.image.resizeBilinear(image(x), [5, 9], true), "2x3x4x2"],
  ["group norm, fused, blocks", groupNorm(4, "linear"), "2x3x3x16 1x1x1x16 1x1x1x16"],
  ["group norm, fused with SiLU, per image", groupNorm(3, "silu"), "2x3x4x12 2x1x1x12 2x1x1x12"],
  ["group norm, composed", composedNorm, "2x4x4x16"],
  ["attention", attention, "2x6x4 2x5x4 2x5x3"],
  ["matMul, transposed twice", (a, b) => tf.matMul(a, b, true, true), "2x5x3 2x4x5"],
  ["log softmax and a mean", (x) => tf.mean(tf.logSoftmax(x), 0), "4x7"],
  ["gather, with repetitions", (x) => tf.gather(x, [2, 0, 2], 1), "3x4"],
  ["cumsum backwards, exclusive", (x) => tf.cumsum(x, 1, true, true), "3x5"],
  [
    "concat, slice, pad, reverse",
    (a, b) =>
      tf.reverse(
        tf.pad(tf.slice(tf.concat([a, b], 1), [0, 1], [2, 4]), [
          [1, 0],
          [0, 2],
        ]),
        1,
      ),
    "2x3 2x3",
  ],
  ["broadcast arithmetic", (a, b) => tf.div(tf.mul(a, tf.exp(b)), tf.add(tf.square(b), 2)), "2x3x4 3x1"],
  ["a product of what is tiled", (x) => tf.prod(tf.add(tf.mean(tf.tile(x, [2, 3]), 1, true), 1)), "3x2"],
  ["depthwiseConv2d, stride 1, valid", depthwise(1, "valid"), "2x5x6x3 2x3x3x1"],
  ["activations", (x) => tf.add(tf.mul(tf.tanh(x), tf.sigmoid(x)), tf.elu(tf.softplus(x))), "3x5"],
];

describe("gradients are finite differences along a direction", () => {
  it.each(cases.map((given) => ({ name: given[0], given })))(
    "$name",
    ({ given: [, operation, texts, step = 1e-2] }) => {
      const shapes = shapesOf(texts);
      const points = shapes.map((shape, i) => values(shape, i));
      const inputs = points.map((point, i) => tensor(point, shapes[i]!));
      const y = operation(...inputs);
      const dy = values(y.shape, 77);
      const gradients = tf.grads((...x: tf.Tensor[]) => tf.sum(tf.mul(operation(...x), tensor(dy, y.shape))))(
        inputs,
      );
      for (const [k, gradient] of gradients.entries()) {
        const direction = values(shapes[k]!, 33 + k);
        const moved = (sign: number): ArrayLike<number> => {
          const there = points[k]!.map((x, i) => x + sign * step * direction[i]!);
          return operation(...inputs.with(k, tensor(there, shapes[k]!))).dataSync();
        };
        const difference = (dot(moved(1), dy) - dot(moved(-1), dy)) / (2 * step);
        const found = gradient.dataSync();
        const scale = Math.sqrt(dot(found, found) * dot(direction, direction));
        expect(scale, `input ${k}`).toBeGreaterThan(0);
        expect(Math.abs(dot(found, direction) - difference) / scale, `input ${k}`).toBeLessThan(1e-3);
      }
    },
  );
});
