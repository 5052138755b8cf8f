import { backend_util } from "@tensorflow/tfjs-core";
import type { Numbers } from "../../program/launch.ts";

/** Attributes that both gradients of a convolution have. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

type Shape4 = [number, number, number, number];

/** Sizes of a convolution, NHWC; undefined for another layout. */
export function convolutionOf(
  input: readonly number[],
  filter: readonly number[],
  { strides, pad, dataFormat, dimRoundingMode }: ConvolutionAttributes,
): backend_util.Conv2DInfo | undefined {
  if (backend_util.convertConv2DDataFormat(dataFormat) !== "channelsLast") return undefined;
  return backend_util.computeConv2DInfo(input as Shape4, filter as Shape4, strides, 1, pad, dimRoundingMode);
}

/** The sizes as numbers of a program. */
export function numbersOf(info: backend_util.Conv2DInfo): Numbers {
  const sizes = {
    height: info.inHeight,
    width: info.inWidth,
    channelsIn: info.inChannels,
    heightOut: info.outHeight,
    widthOut: info.outWidth,
    channelsOut: info.outChannels,
    taps: info.filterHeight,
    tapsAcross: info.filterWidth,
    strideDown: info.strideHeight,
    strideAcross: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
  return Object.fromEntries(Object.entries(sizes).map(([name, i32]) => [name, { i32 }]));
}
