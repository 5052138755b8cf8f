import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  conv1d,
  conv2d,
  convTranspose2d,
  depthwise,
  identity,
  type Layout,
  linear,
  permute,
  pointwise,
  type ShapedNumbers,
} from "../src/authoring.ts";

const numbers = (shape: readonly number[], seed: number): ShapedNumbers => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(seed + 12.9 * i)),
});
const tensor = ({ shape, data }: ShapedNumbers) => tf.tensor(data, shape.slice());
const close = (a: tf.Tensor, b: readonly number[]) => {
  const got = a.dataSync();
  expect(got.length).toBe(b.length);
  b.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 4);
  });
};

/** PyTorch's definitions, written as sums: x is [C, H, W]. */
function torchConv2d(x: ShapedNumbers, w: ShapedNumbers, groups: number): number[] {
  const [, height, width] = x.shape as [number, number, number];
  const [out, perGroup, kh, kw] = w.shape as [number, number, number, number];
  const result: number[] = [];
  for (let y = 0; y + kh <= height; y++)
    for (let z = 0; z + kw <= width; z++)
      for (let o = 0; o < out; o++) {
        let sum = 0;
        const first = Math.floor(o / (out / groups)) * perGroup;
        for (let i = 0; i < perGroup; i++)
          for (let r = 0; r < kh; r++)
            for (let s = 0; s < kw; s++)
              sum +=
                x.data[((first + i) * height + y + r) * width + z + s]! *
                w.data[((o * perGroup + i) * kh + r) * kw + s]!;
        result.push(sum);
      }
  return result;
}

const channelsLast = (x: ShapedNumbers) => tensor(permute(x, [1, 2, 0])).expandDims(0) as tf.Tensor4D;

describe("a converted weight does in TensorFlow.js what it did in PyTorch", () => {
  const x = numbers([4, 5, 6], 1);

  it("conv2d", () => {
    const w = numbers([3, 4, 2, 3], 2);
    const kernel = tensor(conv2d.toTfjs(w)) as tf.Tensor4D;
    close(tf.conv2d(channelsLast(x), kernel, 1, "valid"), torchConv2d(x, w, 1));
  });

  it.each([1, 2])("depthwise, multiplier %i", (multiplier) => {
    const w = numbers([4 * multiplier, 1, 2, 3], 3);
    const kernel = tensor(depthwise(multiplier).toTfjs(w)) as tf.Tensor4D;
    close(tf.depthwiseConv2d(channelsLast(x), kernel, 1, "valid"), torchConv2d(x, w, 4));
  });

  it("convTranspose2d", () => {
    const w = numbers([4, 3, 2, 3], 4);
    const [height, width] = [2 * 5, 2 * 6 + 1];
    const expected = new Array<number>(height * width * 3).fill(0);
    for (let i = 0; i < 4; i++)
      for (let y = 0; y < 5; y++)
        for (let z = 0; z < 6; z++)
          for (let o = 0; o < 3; o++)
            for (let r = 0; r < 2; r++)
              for (let s = 0; s < 3; s++)
                expected[((2 * y + r) * width + 2 * z + s) * 3 + o]! +=
                  x.data[(i * 5 + y) * 6 + z]! * w.data[((i * 3 + o) * 2 + r) * 3 + s]!;
    const kernel = tensor(convTranspose2d.toTfjs(w)) as tf.Tensor4D;
    close(tf.conv2dTranspose(channelsLast(x), kernel, [1, height, width, 3], 2, "valid"), expected);
  });

  it("conv1d", () => {
    const [line, w] = [numbers([4, 1, 9], 5), numbers([3, 4, 1, 2], 6)];
    const kernel = tensor(conv1d.toTfjs({ shape: [3, 4, 2], data: w.data })) as tf.Tensor3D;
    const input = channelsLast(line).reshape([1, 9, 4]) as tf.Tensor3D;
    close(tf.conv1d(input, kernel, 1, "valid"), torchConv2d(line, w, 1));
  });

  it.each([1, 2] as const)("pointwise, from a convolution in %i dimensions", (spatial) => {
    const w = numbers([3, 4, 1, 1], 7);
    const matrix = tensor(pointwise(spatial).toTfjs({ ...w, shape: [3, 4, 1, 1].slice(0, 2 + spatial) }));
    close(tf.matMul(channelsLast(x).reshape([30, 4]), matrix), torchConv2d(x, w, 1));
  });

  it("linear", () => {
    const w = numbers([3, 4], 8);
    const input = numbers([1, 4], 9);
    const expected = [0, 1, 2].map((o) =>
      [0, 1, 2, 3].reduce((sum, i) => sum + input.data[i]! * w.data[o * 4 + i]!, 0),
    );
    close(tf.matMul(tensor(input), tensor(linear.toTfjs(w))), expected);
  });
});

it("toTorch undoes toTfjs, for every layout and shape", () => {
  const size = fc.integer({ min: 0, max: 4 });
  const cases: [Layout, fc.Arbitrary<number[]>][] = [
    [identity, fc.array(size, { maxLength: 4 })],
    [linear, fc.tuple(size, size)],
    [conv1d, fc.tuple(size, size, size)],
    [conv2d, fc.tuple(size, size, size, size)],
    [convTranspose2d, fc.tuple(size, size, size, size)],
    [depthwise(3), fc.tuple(size, size, size).map(([c, h, w]) => [c * 3, 1, h, w])],
    [pointwise(1), fc.tuple(size, size).map(([o, i]) => [o, i, 1])],
    [pointwise(2), fc.tuple(size, size).map(([o, i]) => [o, i, 1, 1])],
  ];
  for (const [layout, shapes] of cases)
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const weight = numbers(shape, seed);
        expect(layout.toTorch(layout.toTfjs(weight))).toEqual(weight);
      }),
    );
});

it("a shape of another kind of layer is refused", () => {
  expect(() => conv2d.toTfjs(numbers([2, 3], 0))).toThrow(/weights\/conv2d.*\[2, 3\], expected rank 4/);
  expect(() => depthwise().toTfjs(numbers([4, 2, 3, 3], 0))).toThrow(/depthwise/);
  expect(() => depthwise(2).toTorch(numbers([3, 3, 4, 1], 0))).toThrow(/expected multiplier 2/);
  expect(() => pointwise().toTfjs(numbers([4, 2, 3, 3], 0))).toThrow(/kernel of size 1/);
  expect(() => permute({ shape: [3], data: new Float32Array(2) }, [0])).toThrow(/2 numbers/);
});
