import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  differenceFromCpu,
  differenceFromFinite,
  distance,
  on,
  stock,
  tensor,
  tf,
  values,
} from "./support.ts";

type Pad = "same" | "valid" | [[0, 0], [number, number], [number, number], [0, 0]];

const side = fc.integer({ min: 0, max: 3 });
const pad: fc.Arbitrary<Pad> = fc.oneof(
  fc.constantFrom<Pad>("same", "valid"),
  fc.tuple(side, side, side, side).map(
    ([a, b, c, d]): Pad => [
      [0, 0],
      [a, b],
      [c, d],
      [0, 0],
    ],
  ),
);
const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const shapes = fc
  .record({
    batch: size(3),
    height: size(9),
    width: size(9),
    inChannels: size(9),
    outChannels: size(9),
    kernel: fc.tuple(size(4), size(4)),
    strides: fc.tuple(size(3), size(3)),
    pad,
  })
  .filter(({ height, width, kernel, pad }) => {
    const [down, across] = typeof pad === "string" ? [[0, 0] as const, [0, 0] as const] : [pad[1], pad[2]];
    const fits = height + down[0] + down[1] >= kernel[0] && width + across[0] + across[1] >= kernel[1];
    return pad === "same" || fits;
  });

/** Adds a stride longer than the filter next to a shorter one, where XNNPACK's own "same" padding wraps around. */
const wrapping = { kernel: [1, 2], strides: [2, 2] } as const;

const runs = { numRuns: 150 };

describe("convolutions", () => {
  it("equal the cpu backend's for any shape, stride and padding", async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        async ({ batch, height, width, inChannels, outChannels, kernel, strides, pad }) => {
          const difference = await differenceFromCpu(() => {
            const x = tensor(values(1, batch, height, width, inChannels));
            const w = tensor(values(2, kernel[0], kernel[1], inChannels, outChannels));
            const bias = tf.tensor1d(values(3, outChannels).data);
            const plain = tf.conv2d(x, w, strides, pad);
            const fused = tf.fused.conv2d({ x, filter: w, strides, pad, bias, activation: "relu" });
            const wide = tf.fused.depthwiseConv2d({
              x,
              filter: w,
              strides,
              pad: pad as "same",
              activation: "relu",
            });
            return [plain, fused, wide, tf.depthwiseConv2d(x, w, strides, pad)];
          });
          expect(difference).toBeLessThan(1e-5);
        },
      ),
      runs,
    );
  });

  it('are not written by the stock kernel for some "same" paddings, which is why it is wrapped', async () => {
    const run = (kernelFunc: tf.KernelFunc): tf.Tensor => {
      const x = tf.ones([1, 8, 5, 3]);
      const filter = tf.ones([...wrapping.kernel, 3, 2]);
      const attrs = { ...wrapping, pad: "same", dataFormat: "NHWC", dilations: 1 };
      const out = kernelFunc({ inputs: { x, filter }, attrs: attrs as never, backend: tf.backend() });
      return tf.engine().makeTensorFromTensorInfo(out as tf.TensorInfo);
    };
    await tf.setBackend("wasm");
    const [broken] = await on("wasm", () => run(stock.get("Conv2D")!));
    const [right] = await on("wasm", () => run(tf.getKernel("Conv2D", "wasm")!.kernelFunc));
    expect(right!.data.every((value) => value > 0)).toBe(true);
    expect(distance(broken!, right!)).toBeGreaterThan(0.1);
  });
});

describe("gradients of conv2d", () => {
  it("equal the cpu backend's for any shape, stride and padding", async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        async ({ batch, height, width, inChannels, outChannels, kernel, strides, pad }) => {
          const x = values(1, batch, height, width, inChannels);
          const w = values(2, kernel[0], kernel[1], inChannels, outChannels);
          const difference = await differenceFromCpu(() => {
            const [input, filter] = [tensor(x), tensor(w)];
            const y = tf.conv2d(input, filter, strides, pad);
            const dy = tensor(values(3, ...y.shape));
            const run = (name: string, inputs: object, attrs: object): tf.Tensor =>
            tf.engine().runKernel(name, inputs as never, {
              strides, pad, dataFormat: "NHWC", ...attrs,
            } as never); // biome-ignore format: one table
            return [
              run("Conv2DBackpropFilter", { x: input, dy }, { filterShape: filter.shape }),
              run("Conv2DBackpropInput", { dy, filter }, { inputShape: input.shape }),
            ];
          });
          expect(difference).toBeLessThan(1e-5);
        },
      ),
      runs,
    );
  });

  it.each([
    ["3x3, stride 1, same", 3, 1, "same"],
    ["3x3, stride 2, same (asymmetric)", 3, 2, "same"],
    ["4x4, stride 2, same", 4, 2, "same"],
    ["1x1, stride 1", 1, 1, "valid"],
    ["1x1, stride 2", 1, 2, "same"],
    ["3x3, stride 2, pad 1 on all sides", 3, 2, 1],
    [
      "3x3, stride 2, pad after only",
      3,
      2,
      [
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 0],
      ],
    ],
  ] as const)("agree with finite differences: %s", async (_, kernel, stride, pad) => {
    const inputs = [values(1, 2, 8, 6, 5), values(2, kernel, kernel, 5, 7)];
    const f = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad as never);
    expect(await differenceFromFinite(f, inputs, 0.5)).toBeLessThan(1e-4);
  });

  it("refuse images with channels first", async () => {
    await tf.setBackend("wasm");
    const attrs = { strides: 1, pad: 0, dataFormat: "NCHW", filterShape: [3, 3, 2, 2] } as never;
    const [x, dy] = [tf.ones([1, 2, 6, 6]), tf.ones([1, 2, 4, 4])];
    const run = () => tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, attrs);
    expect(run).toThrow(/Conv2DBackpropFilter.*got data format "NCHW", expected "NHWC"/);
  });

  it("stay accurate when the batch is summed in parts", async () => {
    const difference = await differenceFromCpu(() => {
      const [x, dy]: tf.Tensor[] = [tensor(values(1, 13, 32, 32, 3)), tensor(values(2, 13, 32, 32, 2))];
      const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", filterShape: [3, 3, 3, 2] } as never;
      return tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, attrs) as tf.Tensor;
    });
    expect(difference).toBeLessThan(1e-5);
  });
});

describe("gradients of depthwiseConv2d", () => {
  it("equal the cpu backend's for any shape, multiplier, stride and padding", async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        size(3),
        async ({ batch, height, width, inChannels, kernel, strides, pad }, multiplier) => {
          const difference = await differenceFromCpu(() => {
            const x = tensor(values(1, batch, height, width, inChannels));
            const filter = tensor(values(2, kernel[0], kernel[1], inChannels, multiplier));
            const info = tf.backend_util.computeConv2DInfo(
            x.shape, filter.shape, strides, 1, pad as never, undefined, true,
          ); // biome-ignore format: one table
            const dy = tensor(values(3, ...info.outShape));
            const attrs = { strides, pad, dilations: 1 };
            const run = (name: string, inputs: object, more: object): tf.Tensor =>
              tf.engine().runKernel(name, inputs as never, { ...attrs, ...more } as never);
            return [
              run("DepthwiseConv2dNativeBackpropFilter", { x, dy }, { filterShape: filter.shape }),
              run("DepthwiseConv2dNativeBackpropInput", { dy, filter }, { inputShape: x.shape }),
            ];
          });
          expect(difference).toBeLessThan(1e-5);
        },
      ),
      runs,
    );
  });

  it("refuse dilation", async () => {
    await tf.setBackend("wasm");
    const attrs = { strides: 1, pad: "same", dilations: 2, inputShape: [1, 6, 6, 2] } as never;
    const [filter, dy] = [tf.ones([3, 3, 2, 1]), tf.ones([1, 6, 6, 2])];
    const run = () => tf.engine().runKernel("DepthwiseConv2dNativeBackpropInput", { filter, dy }, attrs);
    expect(run).toThrow(/got dilations 2, expected 1/);
  });

  it.each([
    [7, 1, 1],
    [3, 2, 1],
    [3, 1, 2],
  ])("agree with finite differences: %ix%i taps, stride %i", async (kernel, stride, multiplier) => {
    const inputs = [values(1, 2, 8, 6, 4), values(2, kernel, kernel, 4, multiplier)];
    const f = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
      tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, "same");
    expect(await differenceFromFinite(f, inputs, 0.5)).toBeLessThan(1e-4);
  });
});
