import { ResizeNearestNeighborGrad, type TensorInfo } from "@tensorflow/tfjs-core";
import { floatsOf } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";

interface Inputs {
  readonly images: TensorInfo;
  readonly dy: TensorInfo;
}

interface Attributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/** The sample that the forward kernel reads for each output, with its float32 rounding. */
function nearest(input: number, output: number, { alignCorners, halfPixelCenters }: Attributes): Int32Array {
  const less = alignCorners && output > 1 ? 1 : 0;
  const scale = Math.fround((input - less) / (output - less));
  return Int32Array.from({ length: output }, (_, i) => {
    const at = Math.fround(scale * (halfPixelCenters ? i + 0.5 : i));
    return Math.min(input - 1, Math.floor(alignCorners ? at + 0.5 : at));
  });
}

/** Gradient of nearest-neighbour resizing: every pixel of dy [B, OH, OW, C] is added where it came from in [B, H, W, C]. */
export const resizeNearestGrad: WasmKernel = kernel<Inputs, Attributes>(
  ResizeNearestNeighborGrad,
  "slow: searches a window per element; wrong: ignores half-pixel centres",
  ({ inputs: { images, dy }, attrs, backend }) => {
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
    const out = backend.makeOutput(images.shape, "float32");
    const from = floatsOf(backend, dy);
    const to = floatsOf(backend, out).fill(0);
    const rows = nearest(height, outHeight, attrs);
    const columns = nearest(width, outWidth, attrs);
    let p = 0;
    for (let b = 0; b < batch; b++) {
      for (let y = 0; y < outHeight; y++) {
        const row = (b * height + rows[y]!) * width;
        for (let x = 0; x < outWidth; x++) {
          let q = (row + columns[x]!) * channels;
          for (const end = p + channels; p < end; p++, q++) to[q]! += from[p]!;
        }
      }
    }
    return out;
  },
);
