import { type backend_util, PadV2, Slice, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../heap.ts";
import { call } from "../../kernel.ts";

/**
 * Whether padding, filter, strides and dilations give exactly this output on both axes, as XNNPACK computes it.
 *
 * Not so for padding given as a number: there tfjs-core takes the filter's height and the vertical stride for the width as
 * well, and rounds as `dimRoundingMode` asks. XNNPACK would then write beyond the output.
 */
export function isExact(info: backend_util.Conv2DInfo): boolean {
  const { padInfo: pad } = info;
  const exact = (input: number, padding: number, window: number, stride: number, output: number): boolean =>
    input + padding >= window && Math.floor((input + padding - window) / stride) + 1 === output;
  return (
    exact(
      info.inHeight,
      pad.top + pad.bottom,
      info.effectiveFilterHeight,
      info.strideHeight,
      info.outHeight,
    ) && exact(info.inWidth, pad.left + pad.right, info.effectiveFilterWidth, info.strideWidth, info.outWidth)
  );
}

/** The pixels that the windows see, x [B, H, W, C] padded with zeros and cropped; dispose of it after use. */
export function seenPixels(backend: WasmBackend, x: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { top, left } = info.padInfo;
  const height = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  const paddings = [
    [0, 0],
    [top, Math.max(0, height - top - info.inHeight)],
    [left, Math.max(0, width - left - info.inWidth)],
    [0, 0],
  ];
  const padded = call(backend, PadV2, { x }, { paddings, constantValue: 0 });
  const size = [x.shape[0], height, width, x.shape[3]];
  const seen = call(backend, Slice, { x: padded }, { begin: [0, 0, 0, 0], size });
  backend.disposeData(padded.dataId);
  return seen;
}
