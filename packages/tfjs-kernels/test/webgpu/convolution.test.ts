import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { registerWebgpuKernels } from "../../src/webgpu/index.ts";
import { distance, type Values, values } from "../values.ts";
import { on, outputsOf, sameBits } from "./compare.ts";
import { hasDevice, startDevice } from "./device.ts";

type Shape = [number, number, number, number];

interface Case {
  readonly x: Shape;
  readonly filter: Shape;
  readonly strides: [number, number];
  readonly pad: "same" | "valid" | tf.backend_util.ExplicitPadding;
}

/** Both gradients by their definition, in float64: every product of the forward pass, taken back. */
function gradients(c: Case, x: Values, filter: Values, dy: Values): [Values, Values] {
  const info = tf.backend_util.computeConv2DInfo(c.x, c.filter, c.strides, 1, c.pad);
  const [toX, toFilter] = [new Float64Array(x.data.length), new Float64Array(filter.data.length)];
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = info;
  for (let b = 0; b < info.batchSize; b++)
    for (let oh = 0; oh < outHeight; oh++)
      for (let ow = 0; ow < outWidth; ow++)
        for (let kh = 0; kh < filterHeight; kh++)
          for (let kw = 0; kw < filterWidth; kw++) {
            const h = oh * info.strideHeight + kh - info.padInfo.top;
            const w = ow * info.strideWidth + kw - info.padInfo.left;
            if (h < 0 || h >= inHeight || w < 0 || w >= inWidth) continue;
            for (let ci = 0; ci < inChannels; ci++)
              for (let co = 0; co < outChannels; co++) {
                const from = dy.data[((b * outHeight + oh) * outWidth + ow) * outChannels + co]!;
                const tap = ((kh * filterWidth + kw) * inChannels + ci) * outChannels + co;
                const at = ((b * inHeight + h) * inWidth + w) * inChannels + ci;
                toX[at]! += filter.data[tap]! * from;
                toFilter[tap]! += x.data[at]! * from;
              }
          }
  return [
    { shape: c.x, data: Float32Array.from(toX) },
    { shape: c.filter, data: Float32Array.from(toFilter) },
  ];
}

function inputsOf(c: Case): { x: Values; filter: Values; dy: Values; attrs: Record<string, unknown> } {
  const { outShape } = tf.backend_util.computeConv2DInfo(c.x, c.filter, c.strides, 1, c.pad);
  return {
    x: values(1, ...c.x),
    filter: values(2, ...c.filter),
    dy: values(3, ...outShape),
    attrs: { strides: c.strides, pad: c.pad, dataFormat: "NHWC", inputShape: c.x, filterShape: c.filter },
  };
}

async function difference(c: Case): Promise<number> {
  const { x, filter, dy, attrs } = inputsOf(c);
  const [toX, toFilter] = gradients(c, x, filter, dy);
  const [ofX] = await outputsOf("Conv2DBackpropInput", { dy, filter }, attrs);
  const [ofFilter] = await outputsOf("Conv2DBackpropFilter", { x, dy }, attrs);
  return Math.max(distance(ofX!, toX), distance(ofFilter!, toFilter));
}

describe.skipIf(!hasDevice)("gradients of a convolution", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    await startDevice();
    registerWebgpuKernels();
  });

  it("are those of the definition for all shapes, strides and paddings", async () => {
    const size = (max: number) => fc.integer({ min: 1, max });
    const cases = fc.record({
      b: size(3),
      hw: fc.tuple(size(9), size(9)),
      taps: fc.tuple(size(4), size(4)),
      channels: fc.tuple(fc.constantFrom(5, 8), fc.constantFrom(3, 8)),
      strides: fc.tuple(size(3), size(3)),
      pad: fc.constantFrom("same", "valid", "explicit"),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ b, hw: [h, w], taps: [kh, kw], channels: [i, o], strides, pad }) => {
        fc.pre(pad === "same" || (h >= kh && w >= kw));
        // "same" with a stride beyond the filter asks for padding below nothing.
        fc.pre(strides[0] <= kh && strides[1] <= kw);
        const explicit: Case["pad"] = [
          [0, 0],
          [kh - 1, 0],
          [0, kw >> 1],
          [0, 0],
        ];
        const c: Case = {
          x: [b, h, w, i],
          filter: [kh, kw, i, o],
          strides,
          pad: pad === "explicit" ? explicit : (pad as "same"),
        };
        expect(await difference(c)).toBeLessThan(1e-5);
      }),
      { numRuns: 6, seed: 3 },
    );
  });

  it.each([
    [
      "large tiles, positions shared out",
      { x: [2, 16, 16, 64], filter: [3, 3, 64, 68], strides: [1, 1], pad: "same" },
    ],
    ["few channels out of many", { x: [2, 9, 9, 36], filter: [3, 3, 36, 3], strides: [1, 1], pad: "same" }],
    [
      "many channels out of few, halved",
      { x: [1, 17, 15, 3], filter: [3, 3, 3, 40], strides: [2, 2], pad: "same" },
    ],
    ["a stride beyond the filter", { x: [2, 7, 7, 8], filter: [1, 1, 8, 4], strides: [2, 2], pad: "valid" }],
    ["a dense layer's sizes", { x: [300, 1, 1, 8], filter: [1, 1, 8, 300], strides: [1, 1], pad: "valid" }],
  ] as [string, Case][])("are right for %s", async (_, c) => {
    expect(await difference(c)).toBeLessThan(1e-5);
  });

  it("reach the weights and the pictures of a training step", async () => {
    registerWebgpuKernels();
    const f = (x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor[] =>
      tf.grads((x, filter) =>
        tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, "same"))),
      )([x, filter]);
    const inputs = [values(1, 2, 6, 6, 4), values(2, 3, 3, 4, 8)];
    const [expected, actual] = [await on("cpu", f as never, inputs), await on("webgpu", f as never, inputs)];
    for (const [i, value] of expected.entries()) expect(distance(actual[i]!, value)).toBeLessThan(1e-5);
  });

  it("have the same bits for the same input", async () => {
    const { x, filter, dy, attrs } = inputsOf({
      x: [2, 16, 16, 8],
      filter: [3, 3, 8, 12],
      strides: [1, 1],
      pad: "same",
    });
    expect(await sameBits("Conv2DBackpropFilter", { x, dy }, attrs)).toBe(true);
    expect(await sameBits("Conv2DBackpropInput", { dy, filter }, attrs)).toBe(true);
  });
});
