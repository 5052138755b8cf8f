import { AvgPoolGrad, backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { floatsOf } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";

interface Inputs {
  readonly dy: TensorInfo;
  readonly input: TensorInfo;
}

interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** Gradient of average pooling: dy [B, OH, OW, C] is shared evenly by the pixels of each window of input [B, H, W, C]. */
export const avgPoolGrad: WasmKernel = kernel<Inputs, Attributes>(
  AvgPoolGrad,
  "wrong: counts padding as pixels, which the forward pass does not",
  ({ inputs: { dy, input }, attrs, backend }) => {
    const shape = input.shape as [number, number, number, number];
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { inHeight, inWidth, outHeight, outWidth, inChannels: channels } = info;
    const out = backend.makeOutput(input.shape, "float32");
    const g = floatsOf(backend, dy);
    const dx = floatsOf(backend, out).fill(0);
    for (let window = 0, o = 0; o < g.length; window++, o += channels) {
      const left = (window % outWidth) * info.strideWidth - info.padInfo.left;
      const top = (Math.floor(window / outWidth) % outHeight) * info.strideHeight - info.padInfo.top;
      const image = Math.floor(window / (outWidth * outHeight)) * inHeight;
      const [firstRow, lastRow] = [Math.max(0, top), Math.min(inHeight, top + info.filterHeight)];
      const [first, last] = [Math.max(0, left), Math.min(inWidth, left + info.filterWidth)];
      const share = 1 / ((lastRow - firstRow) * (last - first));
      for (let y = firstRow; y < lastRow; y++) {
        for (let column = first; column < last; column++) {
          const start = ((image + y) * inWidth + column) * channels;
          for (let c = 0; c < channels; c++) dx[start + c]! += g[o + c]! * share;
        }
      }
    }
    return out;
  },
);
