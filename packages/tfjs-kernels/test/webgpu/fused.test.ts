import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { registerWebgpuKernels } from "../../src/webgpu/index.ts";
import { distance, values } from "../values.ts";
import { differenceFromCpu, on, outputsOf, sameBits } from "./compare.ts";
import { hasDevice, startDevice } from "./device.ts";

describe.skipIf(!hasDevice)("fused kernels", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    await startDevice();
    registerWebgpuKernels();
  });

  it.each([
    ["positions shared out", [3, 20, 12, 4], [3, 3, 4, 8], 1, "same"],
    ["few positions, odd channels", [2, 6, 5, 3], [3, 3, 3, 5], 2, "same"],
    ["a dense layer, as a convolution of single pixels", [6, 1, 1, 8], [1, 1, 8, 12], 1, "valid"],
  ] as const)(
    "a convolution with a bias has its values and gradients: %s",
    async (_, x, filter, stride, pad) => {
      const inputs = [values(1, ...x), values(2, ...filter), values(3, filter[3])];
      const loss =
        (convolve: (...given: tf.Tensor[]) => tf.Tensor) =>
        (...given: tf.Tensor[]): tf.Tensor[] => {
          const weighted = (...given: tf.Tensor[]): tf.Tensor =>
            tf.sum(tf.square(tf.sub(convolve(...given), 0.3)));
          return [convolve(...given), ...tf.grads(weighted)(given)];
        };
      const composed = loss((x, filter, bias) =>
        tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad), bias!),
      );
      const attrs = { strides: stride, pad, dataFormat: "NHWC" };
      const fused = loss(
        (x, filter, bias) =>
          tf.engine().runKernel("Conv2DBias", { x: x!, filter: filter!, bias: bias! }, attrs) as tf.Tensor,
      );
      const [expected, actual] = [await on("cpu", composed, inputs), await on("webgpu", fused, inputs)];
      for (const [i, value] of expected.entries())
        expect(distance(actual[i]!, value), `output ${i}`).toBeLessThan(1e-5);
    },
  );

  it.each([[[3, 4]], [[7]], [[2, 5, 3, 3]]])(
    "Silu of %j and its gradient are those of the composition",
    async (shape) => {
      const inputs = [values(5, ...shape), values(6, ...shape)] as const;
      // Far out in the tails, too: no overflow.
      inputs[0].data[0] = -200;
      inputs[0].data[1] = 200;
      const composed = (x: tf.Tensor, dy: tf.Tensor): tf.Tensor[] => {
        const f = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(x));
        return [f(x), tf.grad(f)(x, dy)];
      };
      const [y, dx] = await on("cpu", composed as never, inputs);
      const [ours] = await outputsOf("Silu", { x: inputs[0] }, {});
      const [slope] = await outputsOf("SiluGrad", { dy: inputs[1], x: inputs[0] }, {});
      expect(distance(ours!, y!)).toBeLessThan(1e-6);
      expect(distance(slope!, dx!)).toBeLessThan(1e-5);
    },
  );

  it.each([2, 7, 8, 20])(
    "AddN adds %i tensors, where the stock kernel gives zeros for more than seven",
    async (count) => {
      const inputs = Array.from({ length: count }, (_, i) => values(i, 3, 5));
      expect(await differenceFromCpu((...x) => tf.addN(x), inputs)).toBeLessThan(1e-6);
    },
  );

  it.each([
    [[2, 3, 4, 8], [4, 4], 3],
    [[2, 3, 4, 7], [3, 1, 3], 3],
    [[6, 5], [1, 2, 3], 0],
    [[2, 9, 12], 3, 2],
    [[2, 9, 4], 9, 1],
  ] as const)("SplitV cuts %j into %j along %i", async (shape, sizes, axis) => {
    const inputs = [values(7, ...shape)];
    const cut = (x: tf.Tensor): tf.Tensor[] => tf.split(tf.mul(x, 2), sizes as number, axis);
    expect(await differenceFromCpu(cut, inputs)).toBe(0);
  });

  it("give the same bits for the same input", async () => {
    const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", filterShape: [3, 3, 4, 4] };
    const inputs = { x: values(1, 2, 16, 16, 4), dy: values(2, 2, 16, 16, 4) };
    expect(await sameBits("Conv2DBiasGrad", inputs, attrs)).toBe(true);
  });
});
