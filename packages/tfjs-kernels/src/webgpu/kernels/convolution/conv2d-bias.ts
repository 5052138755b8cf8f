import type { TensorInfo } from "@tensorflow/tfjs-core";
import { CONV2D_BIAS, CONV2D_BIAS_GRAD } from "../../../contract.ts";
import { sizeOf } from "../../../size-of.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { run } from "../../program/run.ts";
import { filterGradient } from "./filter-gradient.ts";
import { type ConvolutionAttributes, convolutionOf } from "./geometry.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias: TensorInfo;
}

interface GradientInputs {
  readonly dy: TensorInfo;
  readonly x: TensorInfo;
}

interface GradientAttributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

/** conv2d plus a bias per channel: x [B, H, W, Cin], filter [KH, KW, Cin, Cout], bias [Cout] → [B, OH, OW, Cout]. */
export const conv2dBias: WebgpuKernel = kernel<Inputs, ConvolutionAttributes>(
  CONV2D_BIAS,
  "ours: a convolution and its bias in one dispatch",
  ({ inputs, attrs, backend }) => {
    const plain = { dilations: [1, 1], activation: "linear", leakyreluAlpha: 0 };
    return run(backend, "FusedConv2D", { ...inputs }, { ...attrs, ...plain }) as TensorInfo;
  },
);

/** Gradients of `Conv2DBias` in filter and bias. */
export const conv2dBiasGrad: WebgpuKernel = kernel<GradientInputs, GradientAttributes>(
  CONV2D_BIAS_GRAD,
  "ours: the gradients of filter and bias from one product",
  ({ inputs: { x, dy }, attrs, backend }) => {
    const info = convolutionOf(x.shape, attrs.filterShape, attrs);
    if (info && sizeOf(dy.shape) > 0)
      return filterGradient(backend, { name: CONV2D_BIAS_GRAD, x, dy, info }, true);
    const filter = run(backend, "Conv2DBackpropFilter", { x, dy }, { ...attrs }) as TensorInfo;
    const bias = run(backend, "Sum", { x: dy }, { axis: [0, 1, 2], keepDims: false }) as TensorInfo;
    return [filter, bias];
  },
);
