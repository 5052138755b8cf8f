import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { registerWebgpuKernels } from "../../src/webgpu/index.ts";
import { distance, type Values, values } from "../values.ts";
import { on, outputsOf, sameBits } from "./compare.ts";
import { composedNorm, type NormAttributes } from "./composed-norm.ts";
import { hasDevice, startDevice } from "./device.ts";

/** y, mean, 1 / deviation and the three gradients: ours against the composition on the cpu backend. */
async function difference(shape: readonly number[], own: boolean, attrs: NormAttributes): Promise<number> {
  const [b, , , c] = shape as [number, number, number, number];
  const [x, dy] = [values(1, ...shape), values(2, ...shape)];
  const [scale, shift] = [values(3, own ? b : 1, 1, 1, c), values(4, own ? b : 1, 1, 1, c)];
  const f = composedNorm(attrs);
  const expected = await on(
    "cpu",
    (dy, ...given) => [
      f(...(given as [tf.Tensor, tf.Tensor, tf.Tensor])),
      ...tf.grads(f as never)(given, dy),
    ],
    [dy, x, scale, shift],
  );
  const [y, mean, rstd] = (await outputsOf("GroupNorm", { x, scale, shift }, attrs)) as [
    Values,
    Values,
    Values,
  ];
  expect(mean.shape).toEqual([b, attrs.groups]);
  const gradients = await outputsOf("GroupNormGrad", { dy, x, scale, shift, mean, rstd }, attrs);
  return Math.max(...[y, ...gradients].map((found, i) => distance(found, expected[i]!)));
}

describe.skipIf(!hasDevice)("GroupNorm", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    await startDevice();
    registerWebgpuKernels();
  });

  it("and its gradients are those of the composition, for all shapes", async () => {
    const shapes = fc.record({
      b: fc.integer({ min: 1, max: 3 }),
      h: fc.integer({ min: 1, max: 7 }),
      w: fc.integer({ min: 1, max: 5 }),
      groups: fc.integer({ min: 1, max: 4 }),
      size: fc.integer({ min: 1, max: 9 }),
      own: fc.boolean(),
      activation: fc.constantFrom("linear", "silu"),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ b, h, w, groups, size, own, activation }) => {
        // A group of one number has no variance: its gradient is rounding alone.
        fc.pre(h * w * size > 1);
        const attrs = { groups, eps: 1e-5, activation } as NormAttributes;
        expect(await difference([b, h, w, groups * size], own, attrs)).toBeLessThan(2e-5);
      }),
      { numRuns: 10, seed: 8 },
    );
  });

  it.each([
    ["more channels per group than invocations", [1, 3, 3, 1100], 1, false],
    ["odd channels per group beyond one block", [1, 2, 3, 514], 2, true],
    ["a group shared out over workgroups", [1, 61, 54, 20], 1, false],
    ["a group shared out, its own scale per image", [2, 43, 31, 50], 1, true],
  ] as const)("agrees with the composition for %s", async (_, shape, groups, own) => {
    expect(await difference(shape, own, { groups, eps: 1e-5, activation: "silu" })).toBeLessThan(5e-5);
  });

  it.each([[[2, 5, 7, 12]], [[1, 89, 79, 20]]] as const)(
    "keeps the variance of %j far from zero",
    async (shape) => {
      const raw = values(5, ...shape);
      const x = { shape: raw.shape, data: raw.data.map((value) => 100 + 0.1 * value) };
      const c = shape[3];
      const [scale, shift] = [1, 0].map((value) => ({
        shape: [1, 1, 1, c],
        data: new Float32Array(c).fill(value),
      }));
      const [y] = await outputsOf(
        "GroupNorm",
        { x, scale: scale!, shift: shift! },
        { groups: 2, eps: 1e-5, activation: "linear" },
      );
      const expected = reference(x, 2, 1e-5);
      const errors = Array.from(y!.data, (value, i) => Math.abs(value - expected[i]!));
      expect(errors.reduce((worst, error) => Math.max(worst, error), 0)).toBeLessThan(1e-3);
    },
  );

  it("gives the same bits for the same input", async () => {
    const attrs = { groups: 2, eps: 1e-5, activation: "silu" };
    const [x, scale, shift] = [values(1, 1, 89, 79, 20), values(2, 1, 1, 1, 20), values(3, 1, 1, 1, 20)];
    expect(await sameBits("GroupNorm", { x, scale, shift }, attrs)).toBe(true);
    const [mean, rstd] = [values(4, 1, 2), values(5, 1, 2)];
    expect(await sameBits("GroupNormGrad", { dy: x, x, scale, shift, mean, rstd }, attrs)).toBe(true);
  });
});

/** The norm by its definition, in float64, scale 1 and shift 0. */
function reference({ shape, data }: Values, groups: number, eps: number): Float64Array {
  const [b, h, w, c] = shape as [number, number, number, number];
  const y = new Float64Array(data.length);
  const width = c / groups;
  for (let row = 0; row < b * groups; row++) {
    const members: number[] = [];
    for (let pixel = 0; pixel < h * w; pixel++)
      for (let k = 0; k < width; k++)
        members.push((Math.floor(row / groups) * h * w + pixel) * c + (row % groups) * width + k);
    const mean = members.reduce((sum, i) => sum + data[i]!, 0) / members.length;
    const variance = members.reduce((sum, i) => sum + (data[i]! - mean) ** 2, 0) / members.length;
    for (const i of members) y[i] = (data[i]! - mean) / Math.sqrt(variance + eps);
  }
  return y;
}
