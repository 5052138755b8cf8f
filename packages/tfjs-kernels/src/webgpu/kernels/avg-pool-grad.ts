import { AvgPoolGrad, backend_util, Multiply, type TensorInfo } from "@tensorflow/tfjs-core";
import { kernel, type WebgpuKernel } from "../kernel.ts";
import { run } from "../program/run.ts";

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

/** Numbers of a window over its pixels inside of the image, for each window: [OH · OW]. */
function excess(info: backend_util.Conv2DInfo): Float32Array {
  const inside = (at: number, before: number, window: number, length: number): number =>
    Math.min(length, at - before + window) - Math.max(0, at - before);
  return Float32Array.from({ length: info.outHeight * info.outWidth }, (_, i) => {
    const row = Math.floor(i / info.outWidth) * info.strideHeight;
    const column = (i % info.outWidth) * info.strideWidth;
    const rows = inside(row, info.padInfo.top, info.filterHeight, info.inHeight);
    const columns = inside(column, info.padInfo.left, info.filterWidth, info.inWidth);
    return (info.filterHeight * info.filterWidth) / (rows * columns);
  });
}

/** Gradient of average pooling: dy [B, OH, OW, C] is shared evenly by the pixels of each window. */
export const avgPoolGrad: WebgpuKernel = kernel<Inputs, Attributes>(
  AvgPoolGrad,
  "wrong: counts padding as pixels, which the forward pass does not",
  ({ inputs: { dy, input }, attrs, backend, stock }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const shape = input.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const factors = excess(info);
    if (factors.every((factor) => factor === 1)) return stock();
    const b = backend.makeTensorInfo([1, info.outHeight, info.outWidth, 1], "float32", factors);
    const scaled = run(backend, Multiply, { a: dy, b }, {}) as TensorInfo;
    const dx = stock(attrs, { dy: scaled, input });
    for (const { dataId } of [b, scaled]) backend.disposeData(dataId);
    return dx;
  },
);
