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
import { axisGrid, evenParts } from "./shift-grid.ts";

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

/**
 * dW[kh, kw, c, q] = Σ x[b, oy·s + kh − top, ox·s + kw − left, c] · dy[b, oy, ox, c·Q + q].
 *
 * x and dy are on one grid with zero gaps ({@link axisGrid}), so each tap is the elementwise product of a shifted
 * view of x with dy, summed over positions: both in XNNPACK, the parts of the batch gathered in float64.
 */
function filterGradient(
  backend: WasmBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): Float64Array {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels: wide } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const down = axisGrid(inHeight, outHeight, filterHeight, strideHeight, info.padInfo.top);
  const across = axisGrid(inWidth, outWidth, filterWidth, strideWidth, info.padInfo.left);
  const perImage = down.pitch * across.pitch;
  const images = evenParts(batchSize, ELEMENTS / (perImage * wide));
  const positions = Math.ceil((images * perImage) / WINDOW) * WINDOW;
  const lead = -Math.min(0, down.first * across.pitch + across.first);
  const tail = Math.max(0, down.last * across.pitch + across.last);

  const sums = new Float64Array(filterHeight * filterWidth * wide);
  const padded = scratch(backend, (lead + positions + tail) * wide);
  const spread = backend.makeOutput([positions, wide], "float32");
  for (let first = 0; first < batchSize; first += images) {
    const count = Math.min(images, batchSize - first);
    const gradient = floatsOf(backend, dy);
    const to = floatsOf(backend, spread).fill(0);
    const run = outWidth * wide;
    for (let i = 0; i < count * outHeight; i++) {
      const row = Math.floor(i / outHeight) * down.pitch + (i % outHeight);
      const source = (first * outHeight + i) * run;
      to.set(gradient.subarray(source, source + run), row * across.pitch * wide);
    }
    for (const rows of down.phases) {
      for (const columns of across.phases) {
        const from = floatsOf(backend, x);
        const grid = floatsOf(backend, padded).fill(0);
        for (let i = 0; i < count * rows.length; i++) {
          const [b, y] = [Math.floor(i / rows.length), i % rows.length];
          const source = ((first + b) * inHeight + y * strideHeight + rows.phase) * inWidth + columns.phase;
          const target = lead + (b * down.pitch + y) * across.pitch;
          for (let j = 0; j < columns.length; j++) {
            copyPixel(grid, target + j, from, source + j * strideWidth, inChannels, wide / inChannels);
          }
        }
        for (const row of rows.taps) {
          for (const column of columns.taps) {
            const shift = lead + row.offset * across.pitch + column.offset;
            const view = borrow(backend, addressOf(backend, padded) + shift * wide * 4, [positions, wide]);
            const product = call(backend, Multiply, { a: view, b: spread });
            giveBack(backend, view);
            const part = reduceSum(backend, product, 0, { keepDims: false, mean: false })!;
            const target = (row.tap * filterWidth + column.tap) * wide;
            floatsOf(backend, part).forEach((value, c) => {
              sums[target + c]! += value;
            });
            backend.disposeData(product.dataId);
            backend.disposeData(part.dataId);
          }
        }
      }
    }
  }
  backend.disposeData(padded.dataId);
  backend.disposeData(spread.dataId);
  return sums;
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
