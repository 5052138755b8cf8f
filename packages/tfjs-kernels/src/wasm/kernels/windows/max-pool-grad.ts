import { backend_util, MaxPoolGrad, type TensorInfo } from "@tensorflow/tfjs-core";
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

/** Gradient of max pooling: dy [B, OH, OW, C] goes to the first maximum of each window of input [B, H, W, C]. */
export const maxPoolGrad: WasmKernel = kernel<Inputs, Attributes>(
  MaxPoolGrad,
  "wrong: windows without a positive value send their gradient to element 0",
  ({ inputs: { dy, input }, attrs, backend }) => {
    const shape = input.shape as [number, number, number, number];
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { inHeight, inWidth, outHeight, outWidth, inChannels: channels } = info;
    const out = backend.makeOutput(input.shape, "float32");
    const x = floatsOf(backend, input);
    const g = floatsOf(backend, dy);
    const dx = floatsOf(backend, out).fill(0);
    const best = new Int32Array(channels);
    for (let window = 0, o = 0; o < g.length; window++, o += channels) {
      const left = (window % outWidth) * info.strideWidth - info.padInfo.left;
      const top = (Math.floor(window / outWidth) % outHeight) * info.strideHeight - info.padInfo.top;
      const image = Math.floor(window / (outWidth * outHeight)) * inHeight;
      best.fill(-1);
      for (let y = Math.max(0, top); y < Math.min(inHeight, top + info.filterHeight); y++) {
        for (let column = Math.max(0, left); column < Math.min(inWidth, left + info.filterWidth); column++) {
          const start = ((image + y) * inWidth + column) * channels;
          for (let c = 0; c < channels; c++) {
            const known = best[c]!;
            if (known < 0 || x[start + c]! > x[known]!) best[c] = start + c;
          }
        }
      }
      for (let c = 0; c < channels; c++) {
        const at = best[c]!;
        if (at >= 0) dx[at]! += g[o + c]!;
      }
    }
    return out;
  },
);
