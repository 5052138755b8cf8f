import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { onnxStatistics } from "../src/index.ts";

type Params = Record<string, tf.Tensor>;

/** A small network with everything a U-Net needs; the loss is a pure function of params and data. */
function loss(params: Params, x: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  const conv = (h: tf.Tensor4D, name: string, stride = 1): tf.Tensor4D =>
    tf.add(tf.conv2d(h, params[`${name}.w`] as tf.Tensor4D, stride, "same"), params[`${name}.b`]!);
  let h = tf.sigmoid(conv(x, "in"));
  const skip = h;
  h = tf.avgPool(h, 2, 2, "same");
  h = tf.mul(h, tf.sigmoid(conv(h, "middle")));
  h = tf.image.resizeNearestNeighbor(h, [8, 8]);
  h = tf.concat([h, skip], 3);
  return tf.mean(tf.squaredDifference(conv(h, "out"), target)) as tf.Scalar;
}

function initial(): Params {
  let seed = 1;
  const values = (size: number): Float32Array =>
    Float32Array.from({ length: size }, () => {
      seed = (seed * 16807) % 2147483647;
      return 0.3 * (seed / 2147483647 - 0.5);
    });
  const tensor = (...shape: number[]): tf.Tensor => tf.tensor(values(shape.reduce((a, b) => a * b)), shape);
  return {
    "in.w": tensor(3, 3, 3, 16),
    "in.b": tensor(16),
    "middle.w": tensor(3, 3, 16, 16),
    "middle.b": tensor(16),
    "out.w": tensor(3, 3, 32, 3),
    "out.b": tensor(3),
  };
}

const dispose = (tensors: Params): void => tf.dispose(Object.values(tensors));

/** Adam, pure: new parameters and moments from old ones. */
function train(steps: number): { losses: number[]; compilations: number[]; tensors: number[] } {
  let params = initial();
  let m: Params = Object.fromEntries(Object.entries(params).map(([k, p]) => [k, tf.zerosLike(p)]));
  let v: Params = Object.fromEntries(Object.entries(params).map(([k, p]) => [k, tf.zerosLike(p)]));
  const losses: number[] = [];
  const compilations: number[] = [];
  const tensors: number[] = [];
  const names = Object.keys(params);
  for (let step = 1; step <= steps; step++) {
    const rate = 0.01 / step;
    const batch = (offset: number): Float32Array =>
      Float32Array.from({ length: 4 * 8 * 8 * 3 }, (_, i) => Math.sin(i * 0.1 + step + offset));
    const x = tf.tensor4d(batch(0), [4, 8, 8, 3]);
    const target = tf.tensor4d(batch(1), [4, 8, 8, 3]);
    const next = tf.tidy(() => {
      const gradient = tf.valueAndGrads((...ps: tf.Tensor[]) =>
        loss(Object.fromEntries(names.map((name, i) => [name, ps[i]!])), x, target),
      );
      const { value, grads } = gradient(names.map((name) => params[name]!));
      const out: { value: tf.Tensor; params: Params; m: Params; v: Params } = {
        value,
        params: {},
        m: {},
        v: {},
      };
      for (const [i, name] of names.entries()) {
        const g = grads[i]!;
        const m1 = tf.add(tf.mul(m[name]!, 0.9), tf.mul(g, 0.1));
        const v1 = tf.add(tf.mul(v[name]!, 0.99), tf.mul(tf.square(g), 0.01));
        const hat = tf.div(m1, tf.add(tf.sqrt(v1), 1e-8 * step));
        out.m[name] = m1;
        out.v[name] = v1;
        out.params[name] = tf.sub(params[name]!, tf.mul(hat, rate));
      }
      return out as unknown as tf.TensorContainerObject;
    }) as unknown as { value: tf.Tensor; params: Params; m: Params; v: Params };
    for (const old of [params, m, v]) dispose(old);
    ({ params, m, v } = next);
    losses.push(next.value.dataSync()[0]!);
    tf.dispose([x, target, next.value]);
    if (tf.getBackend() === "onnx") compilations.push(onnxStatistics().compilations);
    tensors.push(tf.memory().numTensors);
  }
  for (const old of [params, m, v]) dispose(old);
  return { losses, compilations, tensors };
}

describe("a pure training step", () => {
  let onnx: ReturnType<typeof train>;

  beforeAll(async () => {
    await tf.setBackend("onnx");
    onnx = train(6);
  });

  it("has the losses of the cpu backend in its first step", async () => {
    await tf.setBackend("cpu");
    const [first] = train(1).losses;
    await tf.setBackend("onnx");
    expect(onnx.losses[0]).toBeCloseTo(first!, 5);
  });

  it("compiles nothing after the second step although the learning rate changes", () => {
    expect(onnx.compilations.at(-1)! - onnx.compilations[1]!).toBe(0);
  });

  it("keeps no tensors", () => {
    expect(new Set(onnx.tensors).size).toBe(1);
  });

  it("gives the same bits again", () => {
    expect(train(6).losses).toEqual(onnx.losses);
  });
});
