import { random } from "@ddpm/core";
import { GROUP_NORM, GROUP_NORM_GRAD } from "@ddpm/tfjs-kernels";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { groupCount } from "../src/layers/norms/group-norm.ts";
import { type Activation, normaliseGroups } from "../src/layers/norms/normalise-groups.ts";

/** The definition in plain float64 loops, differentiated by central differences. */
function reference(
  x: Float64Array,
  shape: readonly [number, number, number],
  groups: number,
  scale: Float64Array,
  shift: Float64Array,
  activation: Activation,
): Float64Array {
  const [batch, pixels, channels] = shape;
  const size = channels / groups;
  const perImage = scale.length === batch * channels;
  return x.map((value, index) => {
    const c = index % channels;
    const b = Math.floor(index / (pixels * channels));
    const first = Math.floor(c / size) * size;
    const members: number[] = [];
    for (let p = 0; p < pixels; p++) {
      for (let k = first; k < first + size; k++) members.push(x[(b * pixels + p) * channels + k]!);
    }
    const mean = members.reduce((a, v) => a + v, 0) / members.length;
    const variance = members.reduce((a, v) => a + (v - mean) ** 2, 0) / members.length;
    const at = perImage ? b * channels + c : c;
    const z = ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[at]! + shift[at]!;
    return activation === "silu" ? z / (1 + Math.exp(-z)) : z;
  });
}

const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  side: fc.integer({ min: 1, max: 3 }),
  groups: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 3 }),
  activation: fc.constantFrom<Activation>("linear", "silu"),
  perImage: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1000 }),
});

describe("group norm", () => {
  test("equals the definition, and its gradients equal central differences", () => {
    fc.assert(
      fc.property(cases, ({ batch, side, groups, size, activation, perImage, seed }) => {
        const channels = groups * size;
        const pixels = side * (side + 1);
        fc.pre(pixels * size > 1);
        const stream = random(seed);
        const draw = (count: number): Float64Array =>
          Float64Array.from({ length: count }, () => stream.normal());
        const rows = perImage ? batch : 1;
        const given = [
          draw(batch * pixels * channels),
          draw(rows * channels),
          draw(rows * channels),
        ] as const;
        const weight = draw(batch * pixels * channels);
        const evaluate = (values: readonly Float64Array[]): Float64Array =>
          reference(values[0]!, [batch, pixels, channels], groups, values[1]!, values[2]!, activation);
        const loss = (values: readonly Float64Array[]): number =>
          evaluate(values).reduce((sum, value, i) => sum + value * weight[i]!, 0);

        const shape: [number, number, number, number] = [batch, side, side + 1, channels];
        const affine: [number, number, number, number] = [rows, 1, 1, channels];
        const attributes = { groups, eps: 1e-5, activation };
        const tensors = [shape, affine, affine].map((s, i) => tf.tensor4d(Float32Array.from(given[i]!), s));
        const w = tf.tensor4d(Float32Array.from(weight), shape);
        const y = normaliseGroups(tensors[0]!, tensors[1]!, tensors[2]!, attributes);
        const grads = tf.grads((x, scale, shift) =>
          tf.sum(
            tf.mul(
              w,
              normaliseGroups(x as tf.Tensor4D, scale as tf.Tensor4D, shift as tf.Tensor4D, attributes),
            ),
          ),
        )(tensors);
        expectNear(y.dataSync<"float32">(), evaluate(given), 2e-4);
        grads.forEach((grad, which) => {
          const numeric = given[which]!.map((_, k) => {
            const moved = (by: number): number =>
              loss(given.map((values, i) => (i === which ? values.with(k, values[k]! + by) : values)));
            return (moved(1e-4) - moved(-1e-4)) / 2e-4;
          });
          expectNear(grad.dataSync<"float32">(), numeric, 2e-3);
        });
        tf.dispose([tensors, w, y, grads]);
      }),
      { numRuns: 40 },
    );
  });

  test("keeps its precision where the mean is a thousand times the deviation", () => {
    const x = tf.tensor4d(
      Float32Array.from(random(1).normals(256), (v) => 1000 + v),
      [1, 8, 8, 4],
    );
    const [one, zero] = [tf.ones([1, 1, 1, 4]), tf.zeros([1, 1, 1, 4])] as [tf.Tensor4D, tf.Tensor4D];
    const y = normaliseGroups(x, one, zero, { groups: 1, eps: 1e-5, activation: "linear" });
    expect(tf.mean(tf.square(y)).dataSync()[0]).toBeCloseTo(1, 3);
  });

  test("takes the largest number of groups that fits", () => {
    expect(groupCount(128, 32, 4)).toBe(32);
    expect(groupCount(16, 32, 4)).toBe(4);
    expect(groupCount(144, 32, 4)).toBe(24);
    expect(groupCount(2, 32, 4)).toBe(1);
  });
});

describe("a backend with its own kernel", () => {
  afterEach(() => {
    tf.unregisterKernel(GROUP_NORM, "cpu");
    tf.unregisterKernel(GROUP_NORM_GRAD, "cpu");
  });

  test("takes the whole norm over, with inputs and attributes as documented", () => {
    const seen: Record<string, unknown>[] = [];
    const outputs = (shapes: number[][]) =>
      shapes.map((shape) =>
        tf.engine().makeTensor(new Float32Array(shape.reduce((a, b) => a * b)), shape, "float32"),
      );
    tf.registerKernel({
      kernelName: GROUP_NORM,
      backendName: "cpu",
      kernelFunc: ({ inputs, attrs }) => {
        seen.push({ inputs: Object.keys(inputs), attrs });
        return outputs([inputs.x!.shape, [2, 3], [2, 3]]);
      },
    });
    tf.registerKernel({
      kernelName: GROUP_NORM_GRAD,
      backendName: "cpu",
      kernelFunc: ({ inputs, attrs }) => {
        seen.push({ inputs: Object.keys(inputs), attrs });
        return outputs([inputs.x!.shape, inputs.scale!.shape, inputs.shift!.shape]);
      },
    });
    const attributes = { groups: 3, eps: 1e-6, activation: "silu" } as const;
    const x = tf.ones([2, 4, 4, 6]) as tf.Tensor4D;
    const affine = tf.ones([1, 1, 1, 6]) as tf.Tensor4D;
    const grads = tf.grads((x, scale, shift) =>
      tf.sum(normaliseGroups(x as tf.Tensor4D, scale as tf.Tensor4D, shift as tf.Tensor4D, attributes)),
    )([x, affine, affine.clone()]);
    expect(grads.map(({ shape }) => shape)).toEqual([x.shape, affine.shape, affine.shape]);
    expect(seen).toEqual([
      { inputs: ["x", "scale", "shift"], attrs: attributes },
      { inputs: ["dy", "x", "scale", "shift", "mean", "rstd"], attrs: attributes },
    ]);
  });
});

function expectNear(ours: Float32Array, expected: Float64Array, tolerance: number): void {
  expect(ours.length).toBe(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  for (const [i, value] of ours.entries()) {
    expect(Math.abs(value - expected[i]!) / scale).toBeLessThan(tolerance);
  }
}
