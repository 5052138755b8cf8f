import {
  backend_util,
  Conv2D,
  DepthwiseConv2dNative,
  FusedConv2D,
  FusedDepthwiseConv2D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { kernel, type WasmKernel } from "../kernel.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

type Shape = [number, number, number, number];

/**
 * XNNPACK works out "same" padding in unsigned arithmetic: where an axis has a stride longer than the filter, the
 * padding can come out negative, wraps around, and the output is not written. Spelling the padding out avoids it.
 */
const samePadding = (name: string, depthwise: boolean): WasmKernel =>
  kernel<Inputs, Attributes>(
    name,
    'wrong: "same" padding where a stride is longer than the filter',
    ({ inputs: { x, filter }, attrs, stock }) => {
      const { strides, dilations, pad, dimRoundingMode } = attrs;
      if (pad !== "same") return stock();
      const [down, across] = typeof strides === "number" ? [strides, strides] : strides;
      if (down <= filter.shape[0]! && across <= filter.shape[1]!) return stock();
      const { padInfo } = backend_util.computeConv2DInfo(
        x.shape as Shape,
        filter.shape as Shape,
        strides,
        dilations,
        pad,
        dimRoundingMode,
        depthwise,
      );
      const { top, bottom, left, right } = padInfo;
      const spelled: backend_util.ExplicitPadding = [[0, 0], [top, bottom], [left, right], [0, 0]]; // biome-ignore format: one table
      return stock({ ...attrs, pad: spelled });
    },
  );

/** Convolution: x [B, H, W, Cin], filter [KH, KW, Cin, Cout] → [B, OH, OW, Cout]. */
export const conv2d: WasmKernel = samePadding(Conv2D, false);

/** Convolution with bias and activation. */
export const fusedConv2d: WasmKernel = samePadding(FusedConv2D, false);

/** Depthwise convolution: x [B, H, W, C], filter [KH, KW, C, Q] → [B, OH, OW, C·Q]. */
export const depthwiseConv2d: WasmKernel = samePadding(DepthwiseConv2dNative, true);

/** Depthwise convolution with bias and activation. */
export const fusedDepthwiseConv2d: WasmKernel = samePadding(FusedDepthwiseConv2D, true);
