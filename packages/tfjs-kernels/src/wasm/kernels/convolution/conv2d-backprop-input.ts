import { backend_util, Conv2D, Conv2DBackpropInput, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { floatsOf, type WasmBackend } from "../../heap.ts";
import { call, kernel, type WasmKernel } from "../../kernel.ts";
import { transposeMatrix } from "../../transpose-matrix.ts";
import { type InputPhase, inputPhases } from "./input-phases.ts";
import { interleave, phaseSource } from "./phase-conv.ts";

interface Inputs {
  readonly dy: TensorInfo;
  readonly filter: TensorInfo;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly inputShape: [number, number, number, number];
}

/** The taps of one phase with the channels swapped: [KH, KW, Cin, Cout] → [rows, columns, Cout, Cin]. */
function phaseFilter(
  backend: WasmBackend,
  filter: TensorInfo,
  rows: InputPhase,
  columns: InputPhase,
): TensorInfo {
  const [, width, inChannels, outChannels] = filter.shape as [number, number, number, number];
  const shape = [rows.taps.length, columns.taps.length, outChannels, inChannels];
  const turned = backend.makeOutput(shape, "float32");
  const from = floatsOf(backend, filter);
  const to = floatsOf(backend, turned);
  const area = inChannels * outChannels;
  rows.taps.forEach((row, u) => {
    columns.taps.forEach((column, v) => {
      transposeMatrix(to, from, {
        rows: inChannels,
        columns: outChannels,
        source: (row * width + column) * area,
        sourcePitch: outChannels,
        target: (u * columns.taps.length + v) * area,
        targetPitch: inChannels,
      });
    });
  });
  return turned;
}

/**
 * Gradient of conv2d in its input: dy [B, OH, OW, Cout], filter [KH, KW, Cin, Cout] → [B, H, W, Cin].
 *
 * For every stride phase of dx, a forward convolution of dy with the flipped taps of that phase: as many products
 * as the forward pass, all in XNNPACK. Exact up to the order of summation.
 */
export const conv2dBackpropInput: WasmKernel = kernel<Inputs, Attributes>(
  Conv2DBackpropInput,
  "slow: scalar loops instead of XNNPACK",
  ({ inputs: { dy, filter }, attrs, backend, stock }) => {
    const format = backend_util.convertConv2DDataFormat(attrs.dataFormat);
    if (format !== "channelsLast" || sizeOf(dy.shape) === 0) return stock();
    const filterShape = filter.shape as [number, number, number, number];
    const { inputShape, strides, pad, dimRoundingMode } = attrs;
    const info = backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
    const { strideHeight, strideWidth, padInfo } = info;
    const down = inputPhases(info.inHeight, info.outHeight, info.filterHeight, strideHeight, padInfo.top);
    const across = inputPhases(info.inWidth, info.outWidth, info.filterWidth, strideWidth, padInfo.left);

    let dx: TensorInfo | undefined;
    for (const rows of down) {
      for (const columns of across) {
        const source = phaseSource(backend, dy, rows, columns);
        if (!source) continue;
        const turned = phaseFilter(backend, filter, rows, columns);
        const inputs = { x: source.dy, filter: turned };
        const shape = { strides: 1, pad: source.pad, dataFormat: "NHWC", dilations: 1 };
        const part = call(backend, Conv2D, inputs, shape);
        backend.disposeData(turned.dataId);
        backend.disposeData(source.dy.dataId);
        if (strideHeight === 1 && strideWidth === 1) return part;
        if (!dx) {
          dx = backend.makeOutput(inputShape, "float32");
          floatsOf(backend, dx).fill(0);
        }
        interleave(backend, dx, part, { rows, columns, strides: [strideHeight, strideWidth] });
        backend.disposeData(part.dataId);
      }
    }
    if (!dx) {
      dx = backend.makeOutput(inputShape, "float32");
      floatsOf(backend, dx).fill(0);
    }
    return dx;
  },
);
