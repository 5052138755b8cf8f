import {
  backend_util,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { floatsOf, type WasmBackend } from "../../heap.ts";
import { call, kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";
import { type InputPhase, inputPhases } from "./input-phases.ts";
import { interleave, phaseSource } from "./phase-conv.ts";

interface Inputs {
  readonly dy: TensorInfo;
  readonly filter: TensorInfo;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly inputShape: [number, number, number, number];
}

/** The taps of one phase: [KH, KW, C, Q] → [rows, columns, C·Q, 1]. */
function phaseFilter(
  backend: WasmBackend,
  filter: TensorInfo,
  rows: InputPhase,
  columns: InputPhase,
): TensorInfo {
  const [, width, channels, multiplier] = filter.shape as [number, number, number, number];
  const size = channels * multiplier;
  const out = backend.makeOutput([rows.taps.length, columns.taps.length, size, 1], "float32");
  const from = floatsOf(backend, filter);
  const to = floatsOf(backend, out);
  let target = 0;
  for (const row of rows.taps) {
    for (const column of columns.taps) {
      const source = (row * width + column) * size;
      to.set(from.subarray(source, source + size), target);
      target += size;
    }
  }
  return out;
}

/** Adds neighbouring channels: [..., C·Q] → [..., C]; the input is disposed of. */
function addGroups(
  backend: WasmBackend,
  x: TensorInfo,
  shape: readonly number[],
  multiplier: number,
): TensorInfo {
  if (multiplier === 1) return x;
  const out = backend.makeOutput(shape, "float32");
  const from = floatsOf(backend, x);
  floatsOf(backend, out).forEach((_, i, to) => {
    let sum = 0;
    for (let q = 0; q < multiplier; q++) sum += from[i * multiplier + q]!;
    to[i] = sum;
  });
  backend.disposeData(x.dataId);
  return out;
}

/** Gradient of depthwiseConv2d in its input: dy [B, OH, OW, C·Q], filter [KH, KW, C, Q] → [B, H, W, C]. */
export const depthwiseBackpropInput: WasmKernel = kernel<Inputs, Attributes>(
  DepthwiseConv2dNativeBackpropInput,
  "missing: gradient of depthwiseConv2d in its input",
  ({ inputs: { dy, filter }, attrs, backend }) => {
    const filterShape = filter.shape as [number, number, number, number];
    const { inputShape, strides, dilations, pad, dimRoundingMode } = attrs;
    const info = backend_util.computeConv2DInfo(
      inputShape,
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
    const { strideHeight, strideWidth, padInfo } = info;
    if (info.dilationHeight > 1 || info.dilationWidth > 1) {
      const given = `got dilations ${dilations}, expected 1.`;
      refuse(DepthwiseConv2dNativeBackpropInput, given, "Train without dilation.");
    }
    const down = inputPhases(info.inHeight, info.outHeight, info.filterHeight, strideHeight, padInfo.top);
    const across = inputPhases(info.inWidth, info.outWidth, info.filterWidth, strideWidth, padInfo.left);
    const dx = backend.makeOutput(inputShape, "float32");
    floatsOf(backend, dx).fill(0);
    for (const rows of down) {
      for (const columns of across) {
        const source = phaseSource(backend, dy, rows, columns);
        if (!source) continue;
        const taps = phaseFilter(backend, filter, rows, columns);
        const shape = { strides: 1, pad: source.pad, dilations: 1 };
        const wide = call(backend, DepthwiseConv2dNative, { x: source.dy, filter: taps }, shape);
        backend.disposeData(taps.dataId);
        backend.disposeData(source.dy.dataId);
        const partShape = [info.batchSize, rows.length, columns.length, info.inChannels];
        const part = addGroups(backend, wide, partShape, filterShape[3]);
        interleave(backend, dx, part, { rows, columns, strides: [strideHeight, strideWidth] });
        backend.disposeData(part.dataId);
      }
    }
    return dx;
  },
);
