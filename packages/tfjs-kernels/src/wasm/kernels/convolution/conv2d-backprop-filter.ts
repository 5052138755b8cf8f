import { backend_util, Conv2DBackpropFilter, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { rightMatrix } from "../../gemm.ts";
import { addressOf, floatsOf, scratch, type WasmBackend } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";
import { transposeMatrix } from "../../transpose-matrix.ts";
import {
  type BatchPart,
  evenParts,
  type GridPhase,
  phasesOf,
  putOnGrid,
  type ShiftGrid,
  shiftGrid,
  tapsOf,
} from "./shift-grid.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: [number, number, number, number];
}

/** Grid positions per product: long sums lose bits in float32, and the packed dy should stay in the cache. */
const POSITIONS = 6144;

/**
 * dW[kh, kw, ci, co] = Σ x[b, oy·s + kh − top, ox·s + kw − left, ci] · dy[b, oy, ox, co].
 *
 * x is transposed once per stride phase to [Cin, positions], on a grid whose gaps are zero ({@link shiftGrid}), and
 * dy is put on the same grid. Then every filter tap is one matrix product of a *shifted view* of x with dy:
 * no im2col, and XNNPACK packs dy once for all taps.
 */
function filterGradient(
  backend: WasmBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { batchSize, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = info;
  const grid = shiftGrid(info);
  const images = evenParts(batchSize, POSITIONS / grid.perImage);
  const positions = images * grid.perImage;

  const out = backend.makeOutput([filterHeight, filterWidth, inChannels, outChannels], "float32");
  const partial = images < batchSize ? scratch(backend, sizeOf(out.shape)) : out;
  const turned = scratch(backend, grid.lead + inChannels * positions + grid.tail);
  const sameGrid =
    grid.down.pitch === outHeight && grid.across.pitch === outWidth && batchSize % images === 0;
  const spread = sameGrid ? dy : scratch(backend, positions * outChannels);
  for (const cleared of [out, partial]) floatsOf(backend, cleared).fill(0);
  if (!sameGrid) floatsOf(backend, spread).fill(0);

  for (let first = 0; first < batchSize; first += images) {
    const part = { first, count: Math.min(images, batchSize - first) };
    const target = first === 0 ? out : partial;
    let right = addressOf(backend, spread);
    if (sameGrid) right += first * outHeight * outWidth * outChannels * 4;
    else {
      const to = floatsOf(backend, spread);
      if (part.count < images) to.fill(0);
      putOnGrid(to, floatsOf(backend, dy), part, grid, info);
    }
    const gradients = rightMatrix(backend, right, positions, outChannels);
    for (const phase of phasesOf(grid)) {
      turnPhase(floatsOf(backend, turned), floatsOf(backend, x), part, phase, grid, info, positions);
      for (const { place, shift } of tapsOf(phase, grid, filterWidth)) {
        const left = addressOf(backend, turned) + (grid.lead + shift) * 4;
        gradients.multiply(
          left,
          addressOf(backend, target) + place * inChannels * outChannels * 4,
          inChannels,
        );
      }
    }
    gradients.release();
    if (first > 0) addTo(floatsOf(backend, out), floatsOf(backend, partial));
  }
  backend.disposeData(turned.dataId);
  if (partial !== out) backend.disposeData(partial.dataId);
  if (!sameGrid) backend.disposeData(spread.dataId);
  return out;
}

/** Writes one phase of a part of x on the grid, channels first: [Cin, positions] after `lead` zeros. */
function turnPhase(
  to: Float32Array,
  x: Float32Array,
  { first, count }: BatchPart,
  { rows, columns }: GridPhase,
  { down, across, lead }: ShiftGrid,
  { inHeight, inWidth, inChannels, strideHeight, strideWidth }: backend_util.Conv2DInfo,
  positions: number,
): void {
  to.fill(0);
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < rows.length; i++) {
      const y = i * strideHeight + rows.phase;
      transposeMatrix(to, x, {
        rows: columns.length,
        columns: inChannels,
        source: (((first + b) * inHeight + y) * inWidth + columns.phase) * inChannels,
        sourcePitch: strideWidth * inChannels,
        target: lead + (b * down.pitch + i) * across.pitch,
        targetPitch: positions,
      });
    }
  }
}

function addTo(sum: Float32Array, more: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += more[i]!;
}

/** Gradient of conv2d in its filter: x [B, H, W, Cin], dy [B, OH, OW, Cout] → [KH, KW, Cin, Cout]. */
export const conv2dBackpropFilter: WasmKernel = kernel<Inputs, Attributes>(
  Conv2DBackpropFilter,
  "missing: gradient of conv2d in its filter",
  ({ inputs: { x, dy }, attrs, backend }) => {
    if (attrs.dataFormat === "NCHW") {
      refuse(Conv2DBackpropFilter, 'got data format "NCHW", expected "NHWC".', "Transpose the images first.");
    }
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      attrs.filterShape,
      attrs.strides,
      1,
      attrs.pad,
      attrs.dimRoundingMode,
    );
    return filterGradient(backend, x, dy, info);
  },
);
