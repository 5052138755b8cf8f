import { backend_util } from "@tensorflow/tfjs-core";
import type { Value } from "../../graph/operation.ts";
import type { Shape } from "../../tensor/shape.ts";
import { attribute, type KernelCall } from "../kernel.ts";

/** Sizes of a convolution or pooling over [B, H, W, C]. */
export interface Geometry {
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly dilations: readonly [height: number, width: number];
  /** top, left, bottom, right: the order of ONNX. */
  readonly pads: readonly [number, number, number, number];
  /** [B, H, W, C] of the input. */
  readonly input: Shape;
  /** [B, H, W, C] of the result. */
  readonly output: Shape;
}

type Pad = "valid" | "same" | number | backend_util.ExplicitPadding;

function geometry(info: backend_util.Conv2DInfo): Geometry {
  const { padInfo } = info;
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
    input: [info.batchSize, info.inHeight, info.inWidth, info.inChannels],
    output: [info.batchSize, info.outHeight, info.outWidth, info.outChannels],
  };
}

/** Reads the geometry of a convolution kernel; the shapes are those of its NHWC input and HWIO filter. */
export function convolutionGeometry(
  call: KernelCall,
  input: Shape,
  filter: Shape,
  depthwise: boolean,
): Geometry {
  const strides = attribute<number | [number, number]>(call, "strides");
  const dilations = attribute<number | [number, number] | undefined>(call, "dilations") ?? 1;
  const info = backend_util.computeConv2DInfo(
    [...input] as [number, number, number, number],
    [...filter] as [number, number, number, number],
    strides,
    dilations,
    nhwcPad(call),
    attribute<"floor" | undefined>(call, "dimRoundingMode"),
    depthwise,
  );
  return geometry(info);
}

/** Explicit padding comes in the order of the data format. */
function nhwcPad(call: KernelCall): Pad {
  const pad = attribute<Pad>(call, "pad");
  if (typeof pad !== "object" || attribute<string | undefined>(call, "dataFormat") !== "NCHW") return pad;
  return [pad[0], pad[2], pad[3], pad[1]];
}

/** Reads the geometry of a pooling kernel. */
export function poolingGeometry(call: KernelCall, x: Value): Geometry {
  const info = backend_util.computePool2DInfo(
    [...x.shape] as [number, number, number, number],
    attribute<number | [number, number]>(call, "filterSize"),
    attribute<number | [number, number]>(call, "strides"),
    1,
    attribute<Pad>(call, "pad"),
    attribute<"floor" | undefined>(call, "dimRoundingMode"),
  );
  return geometry(info);
}

/** The attributes of ONNX convolutions and pools. */
export function onnxWindow(g: Geometry): Record<"kernel_shape" | "strides" | "pads", readonly number[]> {
  return { kernel_shape: g.kernel, strides: g.strides, pads: g.pads };
}

/**
 * Whether padding, kernel, strides and dilations give exactly this output, as ONNX Runtime computes it.
 *
 * Not so for padding given as a number: there TensorFlow.js takes the kernel's height and the first stride for the width as
 * well, leaves out dilations, and rounds as `dimRoundingMode` asks. Such a geometry is computed on the host.
 */
export function isExact(g: Geometry): boolean {
  return [0, 1].every((axis) => {
    const window = (g.kernel[axis]! - 1) * g.dilations[axis]! + 1;
    const free = g.input[axis + 1]! + g.pads[axis]! + g.pads[axis + 2]! - window;
    return free >= 0 && Math.floor(free / g.strides[axis]!) + 1 === g.output[axis + 1];
  });
}

/** Whether the kernel is one pixel, the stride 1 and nothing is padded: a plain matrix product. */
export function isPointwise(g: Geometry): boolean {
  return g.kernel.every((k) => k === 1) && g.strides.every((s) => s === 1) && g.pads.every((p) => p === 0);
}
