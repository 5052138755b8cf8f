import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { registerWebgpuKernels } from "../../src/webgpu/index.ts";
import { distance, tensor, type Values, values } from "../values.ts";
import { outputsOf, sameBits } from "./compare.ts";
import { hasDevice, refuseDeviceErrors, startDevice } from "./device.ts";

/** Shapes that end at, before and far from a boundary of 64 numbers. */
const SHAPES: readonly (readonly number[])[] = [[64], [3, 3, 2, 5], [], [7], [4, 64], [1]];

interface Floats extends Values {
  readonly data: Float32Array;
}

const floats = (seed: number, ...shape: number[]): Floats => ({
  shape,
  data: Float32Array.from(values(seed, ...shape).data),
});

const given = (seed: number): Floats[] => SHAPES.map((shape, i) => floats(seed + i, ...shape));

const pack = (x: readonly tf.Tensor[]): tf.Tensor =>
  tf.engine().runKernel("PackTensors", x as unknown as tf.NamedTensorMap);

const unpack = (x: tf.Tensor, shapes = SHAPES): tf.Tensor[] =>
  tf
    .engine()
    .runKernel("UnpackTensors", { x }, { shapes } as unknown as tf.NamedAttrMap) as unknown as tf.Tensor[];

interface Device {
  readonly tensorMap: { get(dataId: object): { readonly resource: unknown } };
  readonly bufferManager: { readonly numBytesUsed: number };
}
const device = (): Device => tf.backend() as unknown as Device;
const bufferOf = (x: tf.Tensor): unknown => device().tensorMap.get(x.dataId).resource;

async function expectEqual(actual: readonly tf.Tensor[], expected: readonly Values[]): Promise<void> {
  for (const [i, { shape, data }] of expected.entries()) {
    expect(actual[i]!.shape).toEqual(shape);
    expect([...(await actual[i]!.data())]).toEqual([...data]);
  }
  refuseDeviceErrors();
}

describe.skipIf(!hasDevice)("optimiser kernels on webgpu", () => {
  beforeAll(async () => {
    await startDevice();
    registerWebgpuKernels();
  });

  it("packs tensors into a vector with zeros between them, and leaves them as they were", async () => {
    const inputs = given(1);
    const tensors = inputs.map(tensor);
    const vector = pack(tensors);
    const data = await vector.data();
    expect(vector.size % 64).toBe(0);
    const size = (x: Iterable<number>): number => [...x].reduce((sum, v) => sum + Math.abs(v), 0);
    const sum = inputs.reduce((all, x) => all + size(x.data), 0);
    expect(size(data as Float32Array) / sum).toBeCloseTo(1, 5);
    expect([...data.subarray(0, 64)]).toEqual([...inputs[0]!.data]);
    await expectEqual(tensors, inputs);
    tf.dispose([vector, tensors]);
  });

  it("unpacks them again, and packs those without moving them", async () => {
    const inputs = given(2);
    const tensors = inputs.map(tensor);
    const first = pack(tensors);
    const parts = unpack(first);
    const second = pack(parts);
    expect(bufferOf(second)).toBe(bufferOf(first));
    expect(new Set(parts.map(bufferOf)).size).toBe(1);
    tf.dispose([tensors, first]);
    await expectEqual(parts, inputs);
    tf.dispose([parts, second]);
  });

  it("gives what is done to the vector to every tensor, also to one that was packed twice", async () => {
    const [a, b] = [floats(3, 5), floats(4, 2, 40)];
    const [x, y] = [tensor(a), tensor(b)];
    const vector = pack([x, y, x]);
    const doubled = tf.mul(vector, 2);
    const parts = unpack(doubled, [[5], [2, 40], [5]]);
    const twice = ({ shape, data }: Floats): Floats => ({
      shape,
      data: data.map((v) => 2 * v),
    });
    await expectEqual(parts, [a, b, a].map(twice));
    // Tensors that share a buffer are operands like any others.
    const mixed = tf.add(parts[0]!, tf.reshape(tf.sum(parts[1]!), [1]));
    const expected = b.data.reduce((sum, v) => sum + 2 * v, 0);
    for (const [i, value] of (await mixed.data()).entries()) {
      expect(value).toBeCloseTo(2 * a.data[i]! + expected, 3);
    }
    refuseDeviceErrors();
    tf.dispose([x, y, vector, doubled, parts, mixed]);
  });

  it("gives every byte back when the last tensor in a buffer is gone", async () => {
    // What is freed while commands wait is given back when they are submitted.
    const handOver = async (): Promise<void> => {
      const last = tf.tidy(() => tf.add(tf.ones([3]), tf.ones([3])));
      await last.data();
      last.dispose();
    };
    await handOver();
    const [bytes, count] = [device().bufferManager.numBytesUsed, tf.memory().numTensors];
    const tensors = given(5).map(tensor);
    const vector = pack(tensors);
    const negative = tf.neg(vector);
    const parts = unpack(negative);
    tf.dispose([tensors, vector, negative]);
    expect(device().bufferManager.numBytesUsed).toBeGreaterThan(bytes);
    await parts.at(-1)!.data();
    tf.dispose(parts);
    expect(tf.memory().numTensors).toBe(count);
    await handOver();
    expect(device().bufferManager.numBytesUsed).toBe(bytes);
  });

  it("refuses whole numbers", () => {
    expect(() => pack([tf.tensor1d([1, 2], "int32")])).toThrow(/int32.*float32/);
  });

  it.each([
    ["of four", [8, 16, 3]],
    ["of one", [3, 11]],
  ])("makes the step of Adam that the formula makes, in elements %s", async (_, shape) => {
    const [param, gradient, mean] = [1, 2, 3].map((seed) => floats(seed, ...shape)) as [
      Floats,
      Floats,
      Floats,
    ];
    const square = { shape, data: floats(4, ...shape).data.map((v) => v * v) };
    const [rate, floor, shrink] = [1e-2, 1e-6, 0.99];
    const numbers = { shape: [3], data: Float32Array.of(rate, floor, shrink) };
    const [beta1, beta2, decay] = [0.9, 0.99, 0.02];
    const inputs = { param, gradient, mean, square, numbers };
    const found = await outputsOf("AdamUpdate", inputs, { beta1, beta2, decay });
    const expected = [0, 1, 2].map(() => ({ shape, data: new Float32Array(param.data.length) }));
    for (const [i, w] of param.data.entries()) {
      const g = gradient.data[i]! + decay * w;
      const m = beta1 * mean.data[i]! + (1 - beta1) * g;
      const v = beta2 * square.data[i]! + (1 - beta2) * g * g;
      const step = (rate * m) / (Math.sqrt(v) + floor);
      for (const [k, value] of [w * shrink - step, m, v].entries()) expected[k]!.data[i] = value;
    }
    for (const [k, x] of expected.entries()) expect(distance(found[k]!, x)).toBeLessThan(1e-6);
    expect(await sameBits("AdamUpdate", inputs, { beta1, beta2, decay })).toBe(true);
  });

  it("averages two tensors by their weights", async () => {
    const [a, b] = [floats(1, 6, 9), floats(2, 6, 9)];
    const weights = { shape: [2], data: Float32Array.of(0.75, 0.25) };
    const [sum] = await outputsOf("WeightedSum", { a, b, weights }, {});
    const expected = {
      shape: a.shape,
      data: a.data.map((v, i) => 0.75 * v + 0.25 * b.data[i]!),
    };
    expect(distance(sum!, expected)).toBeLessThan(1e-6);
  });
});
