import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { registerWebgpuKernels } from "../../src/webgpu/index.ts";
import { distance, type Values, values } from "../values.ts";
import { differenceFromCpu, outputsOf, sameBits } from "./compare.ts";
import { hasDevice, startDevice } from "./device.ts";

const ops = { sum: tf.sum, mean: tf.mean, max: tf.max };

describe.skipIf(!hasDevice)("reductions", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    await startDevice();
    registerWebgpuKernels();
  });

  it("are those of the cpu backend along any axes", async () => {
    const cases = fc.record({
      shape: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
      chosen: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      keep: fc.boolean(),
      op: fc.constantFrom(...(["sum", "mean", "max"] as const)),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, chosen, keep, op }) => {
        const axes = shape.map((_, axis) => axis).filter((axis) => chosen[axis]);
        const f = (x: tf.Tensor): tf.Tensor => ops[op](x, axes, keep);
        expect(await differenceFromCpu(f, [values(4, ...shape)])).toBeLessThan(1e-5);
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  it.each([
    [
      [3, 17, 19, 24],
      [0, 1, 2],
    ],
    [[2, 9000], [1]],
    [[9000, 3], [0]],
    [
      [4, 700, 5, 7],
      [1, 3],
    ],
    [[40001], [0]],
    [[3000, 2], [1]],
    [[5, 130], []],
  ])("sum many numbers of %j along %j in float32's own precision", async (shape, axis) => {
    const x = values(6, ...shape);
    const [found] = await outputsOf("Sum", { x }, { axis, keepDims: true });
    expect(distance(found!, summed(x, axis))).toBeLessThan(3e-6);
  });

  it("find the NaN among many numbers", async () => {
    const x = values(1, 5000);
    x.data[4321] = Number.NaN;
    const [found] = await outputsOf("Max", { x }, { reductionIndices: [0] });
    expect(found!.data[0]).toBeNaN();
  });

  it("leave whole numbers to the stock kernels", async () => {
    const x = { shape: [3], data: Int32Array.of(2 ** 24 + 1, 1, 1) };
    expect((await outputsOf("Sum", { x }, { axis: [0] }))[0]!.shape).toEqual([]);
  });

  it("give the same bits for the same input", async () => {
    expect(await sameBits("Sum", { x: values(2, 9000, 3) }, { axis: [0] })).toBe(true);
  });
});

/** Sums in float64. */
function summed({ shape, data }: Values, axes: readonly number[]): Values {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const strides = kept.map((size, axis) =>
    size === 1 ? 0 : kept.slice(axis + 1).reduce((a, b) => a * b, 1),
  );
  const sums = new Float64Array(kept.reduce((a, b) => a * b, 1));
  data.forEach((value, i) => {
    let at = 0;
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    sums[at]! += value;
  });
  return { shape: kept, data: Float32Array.from(sums) };
}
