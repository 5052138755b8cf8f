import { backend_util, DepthwiseConv2dNativeBackpropFilter, type TensorInfo } from "@tensorflow/tfjs-core";
import { floatsOf } from "../heap.ts";
import { kernel, type WasmKernel } from "../kernel.ts";

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

/** Outputs that read inside the image through one tap: the range of o with 0 ≤ o·stride + shift < input. */
const range = (output: number, input: number, stride: number, shift: number): readonly [number, number] => [
  Math.max(0, Math.ceil(-shift / stride)),
  Math.min(output, Math.floor((input - 1 - shift) / stride) + 1),
];

/** Gradient of depthwiseConv2d in its filter: x [B, H, W, C], dy [B, OH, OW, C·Q] → [KH, KW, C, Q]; summed in float64. */
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
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth } = info;
    const multiplier = filterShape[3];
    const wide = inChannels * multiplier;
    const out = backend.makeOutput(filterShape, "float32");
    const from = floatsOf(backend, x);
    const g = floatsOf(backend, dy);
    const to = floatsOf(backend, out);
    const sum = new Float64Array(wide);
    for (let kh = 0; kh < filterShape[0]; kh++) {
      for (let kw = 0; kw < filterShape[1]; kw++) {
        const down = kh * info.dilationHeight - info.padInfo.top;
        const across = kw * info.dilationWidth - info.padInfo.left;
        const [top, bottom] = range(outHeight, inHeight, strideHeight, down);
        const [left, right] = range(outWidth, inWidth, strideWidth, across);
        sum.fill(0);
        for (let b = 0; b < batchSize; b++) {
          for (let oy = top; oy < bottom; oy++) {
            const row = (b * inHeight + oy * strideHeight + down) * inWidth;
            for (let ox = left; ox < right; ox++) {
              const p = (row + ox * strideWidth + across) * inChannels;
              const q = ((b * outHeight + oy) * outWidth + ox) * wide;
              if (multiplier === 1) {
                for (let c = 0; c < wide; c++) sum[c]! += from[p + c]! * g[q + c]!;
              } else {
                for (let c = 0; c < wide; c++) sum[c]! += from[p + ((c / multiplier) | 0)]! * g[q + c]!;
              }
            }
          }
        }
        to.set(sum, (kh * filterShape[1] + kw) * wide);
      }
    }
    return out;
  },
);
