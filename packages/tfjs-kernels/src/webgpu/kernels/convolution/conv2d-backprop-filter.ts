import { Conv2DBackpropFilter, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { filterGradient } from "./filter-gradient.ts";
import { type ConvolutionAttributes, convolutionOf } from "./geometry.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

/** Gradient of conv2d in its filter: x [B, H, W, Cin], dy [B, OH, OW, Cout] → [KH, KW, Cin, Cout]. */
export const conv2dBackpropFilter: WebgpuKernel = kernel<Inputs, Attributes>(
  Conv2DBackpropFilter,
  "slow: one invocation per weight goes over all positions",
  ({ inputs: { x, dy }, attrs, backend, stock }) => {
    const info = convolutionOf(x.shape, attrs.filterShape, attrs);
    if (!info || sizeOf(dy.shape) === 0 || sizeOf(x.shape) === 0) return stock();
    return filterGradient(backend, { name: Conv2DBackpropFilter, x, dy, info }, false)[0]!;
  },
);
