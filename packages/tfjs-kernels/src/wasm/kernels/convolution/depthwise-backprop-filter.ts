import {
  backend_util,
  DepthwiseConv2dNativeBackpropFilter,
  Multiply,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { addressOf, borrow, floatsOf, giveBack, scratch, type WasmBackend } from "../../heap.ts";
import { call, kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";
import { reduceSum } from "../reduction/reduce.ts";
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
  readonly dilations: number | [number, number];
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: [number, number, number, number];
}

/** Elements per product: small enough for the cache. */
const ELEMENTS = 65536;
/** The positions of a part are rounded up to whole pooling windows of this many. */
const WINDOW = 256;

/**
 * dW[kh, kw, c, q] = Σ x[b, oy·s + kh − top, ox·s + kw − left, c] · dy[b, oy, ox, c·Q + q].
 *
 * x and dy are on one grid with zero gaps ({@link shiftGrid}), so each tap is the elementwise product of a shifted
 * view of x with dy, summed over positions: both in XNNPACK, the parts of the batch gathered in float64.
 */
function filterGradient(
  backend: WasmBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): Float64Array {
  const { batchSize, outChannels: wide, filterHeight, filterWidth } = info;
  const grid = shiftGrid(info);
  const images = evenParts(batchSize, ELEMENTS / (grid.perImage * wide));
  const positions = Math.ceil((images * grid.perImage) / WINDOW) * WINDOW;
  const sums = new Float64Array(filterHeight * filterWidth * wide);
  const padded = scratch(backend, (grid.lead + positions + grid.tail) * wide);
  const spread = backend.makeOutput([positions, wide], "float32");
  for (let first = 0; first < batchSize; first += images) {
    const part = { first, count: Math.min(images, batchSize - first) };
    putOnGrid(floatsOf(backend, spread).fill(0), floatsOf(backend, dy), part, grid, info);
    for (const phase of phasesOf(grid)) {
      copyPhase(floatsOf(backend, padded), floatsOf(backend, x), part, phase, grid, info);
      for (const { place, shift } of tapsOf(phase, grid, filterWidth)) {
        const at = addressOf(backend, padded) + (grid.lead + shift) * wide * 4;
        addProduct(backend, sums, place * wide, at, spread);
      }
    }
  }
  backend.disposeData(padded.dataId);
  backend.disposeData(spread.dataId);
  return sums;
}

/** Writes one phase of a part of x on the grid, after `lead` zeros, each channel as often as dy has it. */
function copyPhase(
  to: Float32Array,
  x: Float32Array,
  { first, count }: BatchPart,
  { rows, columns }: GridPhase,
  { down, across, lead }: ShiftGrid,
  info: backend_util.Conv2DInfo,
): void {
  const { inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth } = info;
  to.fill(0);
  for (let b = 0; b < count; b++) {
    for (let y = 0; y < rows.length; y++) {
      const source = ((first + b) * inHeight + y * strideHeight + rows.phase) * inWidth + columns.phase;
      const target = lead + (b * down.pitch + y) * across.pitch;
      for (let j = 0; j < columns.length; j++)
        copyPixel(to, target + j, x, source + j * strideWidth, inChannels, outChannels / inChannels);
    }
  }
}

/** Writes pixel `from` of x to pixel `to` of the grid, each channel `multiplier` times. */
function copyPixel(
  grid: Float32Array,
  to: number,
  x: Float32Array,
  from: number,
  channels: number,
  multiplier: number,
): void {
  for (let c = 0, q = to * channels * multiplier; c < channels; c++) {
    const value = x[from * channels + c]!;
    for (let i = 0; i < multiplier; i++) grid[q++] = value;
  }
}

/** Adds the sums over positions of the numbers at address `at` times dy to `sums`, from `target` on. */
function addProduct(
  backend: WasmBackend,
  sums: Float64Array,
  target: number,
  at: number,
  dy: TensorInfo,
): void {
  const view = borrow(backend, at, [...dy.shape]);
  const product = call(backend, Multiply, { a: view, b: dy });
  giveBack(backend, view);
  const part = reduceSum(backend, product, 0, { keepDims: false, mean: false })!;
  floatsOf(backend, part).forEach((value, c) => {
    sums[target + c]! += value;
  });
  backend.disposeData(product.dataId);
  backend.disposeData(part.dataId);
}

/** Gradient of depthwiseConv2d in its filter: x [B, H, W, C], dy [B, OH, OW, C·Q] → [KH, KW, C, Q]. */
export const depthwiseBackpropFilter: WasmKernel = kernel<Inputs, Attributes>(
  DepthwiseConv2dNativeBackpropFilter,
  "missing: gradient of depthwiseConv2d in its filter",
  ({ inputs: { x, dy }, attrs, backend }) => {
    const shape = x.shape as [number, number, number, number];
    const { filterShape, strides, dilations, pad, dimRoundingMode } = attrs;
    const info = backend_util.computeConv2DInfo(
      shape,
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
    if (info.dilationHeight > 1 || info.dilationWidth > 1) {
      const given = `got dilations ${dilations}, expected 1.`;
      refuse(DepthwiseConv2dNativeBackpropFilter, given, "Train without dilation.");
    }
    const sums = filterGradient(backend, x, dy, info);
    const out = backend.makeOutput(filterShape, "float32");
    floatsOf(backend, out).set(sums);
    return out;
  },
);
