import {
  backend_util,
  Conv2D,
  DepthwiseConv2dNative,
  FusedConv2D,
  FusedDepthwiseConv2D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { isExact, seenPixels } from "./exact-padding.ts";

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

/** Whether some stride is longer than the filter, where XNNPACK's own "same" padding can come out negative. */
const wrapsAround = (info: backend_util.Conv2DInfo): boolean =>
  info.strideHeight > info.filterHeight || info.strideWidth > info.filterWidth;

/**
 * XNNPACK computes "same" padding in unsigned arithmetic: where it comes out negative it wraps around, and the output is
 * not written. Spelling the padding out avoids it. Padding whose output tfjs-core computes in another way ({@link isExact})
 * is applied beforehand.
 */
const padded = (name: string, depthwise: boolean): WasmKernel =>
  kernel<Inputs, Attributes>(
    name,
    'wrong: "same" padding where a stride is longer than the filter; writes beyond its output where a padding given as a number meets filters or strides that are not square',
    ({ inputs, attrs, backend, stock }) => {
      const { x, filter } = inputs;
      const { strides, dilations, pad, dimRoundingMode } = attrs;
      if (pad === "valid") return stock();
      const shapes = [x.shape as Shape, filter.shape as Shape] as const;
      const info = backend_util.computeConv2DInfo(
        ...shapes,
        strides,
        dilations,
        pad,
        dimRoundingMode,
        depthwise,
      );
      if (!isExact(info)) {
        const seen = seenPixels(backend, x, info);
        const y = stock({ ...attrs, pad: "valid" }, { ...inputs, x: seen });
        backend.disposeData(seen.dataId);
        return y;
      }
      if (pad !== "same" || !wrapsAround(info)) return stock();
      const { top, bottom, left, right } = info.padInfo;
      const spelled: backend_util.ExplicitPadding = [[0, 0], [top, bottom], [left, right], [0, 0]]; // biome-ignore format: one table
      return stock({ ...attrs, pad: spelled });
    },
  );

/** Convolution: x [B, H, W, Cin], filter [KH, KW, Cin, Cout] → [B, OH, OW, Cout]. */
export const conv2d: WasmKernel = padded(Conv2D, false);

/** Convolution with bias and activation. */
export const fusedConv2d: WasmKernel = padded(FusedConv2D, false);

/** Depthwise convolution: x [B, H, W, C], filter [KH, KW, C, Q] → [B, OH, OW, C·Q]. */
export const depthwiseConv2d: WasmKernel = padded(DepthwiseConv2dNative, true);

/** Depthwise convolution with bias and activation. */
export const fusedDepthwiseConv2d: WasmKernel = padded(FusedDepthwiseConv2D, true);
