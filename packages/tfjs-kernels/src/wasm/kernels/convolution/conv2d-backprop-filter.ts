import { backend_util, Conv2DBackpropFilter, type TensorInfo } from "@tensorflow/tfjs-core";
import { rightMatrix } from "../../gemm.ts";
import { addressOf, floatsOf, scratch, type WasmBackend } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";
import { transposeMatrix } from "../../transpose-matrix.ts";
import { axisGrid, evenParts } from "./shift-grid.ts";

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

const grow = (sum: Float32Array, more: Float32Array): void => {
  for (let i = 0; i < sum.length; i++) sum[i]! += more[i]!;
};

/**
 * dW[kh, kw, ci, co] = Σ x[b, oy·s + kh − top, ox·s + kw − left, ci] · dy[b, oy, ox, co].
 *
 * x is transposed once per stride phase to [Cin, positions], on a grid whose gaps are zero ({@link axisGrid}), and
 * dy is put on the same grid. Then every filter tap is one matrix product of a *shifted view* of x with dy:
 * no im2col, and XNNPACK packs dy once for all taps.
 */
function filterGradient(
  backend: WasmBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const down = axisGrid(inHeight, outHeight, filterHeight, strideHeight, info.padInfo.top);
  const across = axisGrid(inWidth, outWidth, filterWidth, strideWidth, info.padInfo.left);
  const perImage = down.pitch * across.pitch;
  const images = evenParts(batchSize, POSITIONS / perImage);
  const lead = -Math.min(0, down.first * across.pitch + across.first);
  const tail = Math.max(0, down.last * across.pitch + across.last);
  const positions = images * perImage;

  const out = backend.makeOutput([filterHeight, filterWidth, inChannels, outChannels], "float32");
  const partial =
    images < batchSize
      ? scratch(
          backend,
          out.shape.reduce((a, b) => a * b),
        )
      : out;
  const turned = scratch(backend, lead + inChannels * positions + tail);
  const sameGrid = down.pitch === outHeight && across.pitch === outWidth && batchSize % images === 0;
  const spread = sameGrid ? dy : scratch(backend, positions * outChannels);
  const dyBytes = images * outHeight * outWidth * outChannels * 4;
  for (const cleared of [out, partial]) floatsOf(backend, cleared).fill(0);
  if (!sameGrid) floatsOf(backend, spread).fill(0);

  for (let first = 0; first < batchSize; first += images) {
    const count = Math.min(images, batchSize - first);
    const target = first === 0 ? out : partial;
    let right = addressOf(backend, dy) + (first / images) * dyBytes;
    if (!sameGrid) {
      right = addressOf(backend, spread);
      const from = floatsOf(backend, dy);
      const to = floatsOf(backend, spread);
      if (count < images) to.fill(0);
      const run = outWidth * outChannels;
      for (let b = 0; b < count; b++) {
        for (let y = 0; y < outHeight; y++) {
          const source = ((first + b) * outHeight + y) * run;
          to.set(from.subarray(source, source + run), (b * down.pitch + y) * across.pitch * outChannels);
        }
      }
    }
    const gradients = rightMatrix(backend, right, positions, outChannels);
    for (const rows of down.phases) {
      for (const columns of across.phases) {
        const from = floatsOf(backend, x);
        const to = floatsOf(backend, turned);
        to.fill(0);
        for (let b = 0; b < count; b++) {
          for (let i = 0; i < rows.length; i++) {
            const y = i * strideHeight + rows.phase;
            transposeMatrix(to, from, {
              rows: columns.length,
              columns: inChannels,
              source: (((first + b) * inHeight + y) * inWidth + columns.phase) * inChannels,
              sourcePitch: strideWidth * inChannels,
              target: lead + (b * down.pitch + i) * across.pitch,
              targetPitch: positions,
            });
          }
        }
        for (const row of rows.taps) {
          for (const column of columns.taps) {
            const shift = row.offset * across.pitch + column.offset;
            const tap = (row.tap * filterWidth + column.tap) * inChannels * outChannels;
            const left = addressOf(backend, turned) + (lead + shift) * 4;
            gradients.multiply(left, addressOf(backend, target) + tap * 4, inChannels);
          }
        }
      }
    }
    gradients.release();
    if (first > 0) grow(floatsOf(backend, out), floatsOf(backend, partial));
  }
  backend.disposeData(turned.dataId);
  if (partial !== out) backend.disposeData(partial.dataId);
  if (!sameGrid) backend.disposeData(spread.dataId);
  return out;
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
