import { type ImageShape, pixelOfValue, valueOfPixel } from "@ddpm/core/authoring";
import type { Picture } from "./picture.ts";

/** [H, W, C] of a network's images. */

/**
 * A picture as a network takes it: its middle cut out, every pixel the mean of what it covers, grey by the rule of
 * training where the network knows no colours.
 *
 * @returns bytes, [H, W, C]
 */
export function fittedBytes({ width, height, data }: Picture, [h, w, channels]: ImageShape): Uint8Array {
  const scale = Math.min(width / w, height / h);
  const [left, top] = [(width - scale * w) / 2, (height - scale * h) / 2];
  const rgb = new Uint8Array(3 * h * w);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const sums = meanOver({ width, height, data }, left + scale * x, top + scale * y, scale);
      for (let c = 0; c < 3; c++) rgb[3 * (y * w + x) + c] = pixelOfValue(sums[c]!);
    }
  }
  return channels === 1 ? grey(rgb) : rgb;
}

/** Rec. 601, as training greys its pictures. */
function grey(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgb.length / 3 }, (_, i) =>
    Math.round(0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!),
  );
}

type Raster = Pick<Picture, "width" | "height" | "data">;

/** Red, green and blue of a square, by the share of each pixel that is in it. */
function meanOver(
  { width, height, data }: Raster,
  left: number,
  top: number,
  side: number,
): readonly number[] {
  const sums = [0, 0, 0];
  let all = 0;
  for (let y = Math.floor(top); y < Math.min(height, top + side); y++) {
    const high = Math.min(y + 1, top + side) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(width, left + side); x++) {
      const share = high * (Math.min(x + 1, left + side) - Math.max(x, left));
      all += share;
      for (let c = 0; c < 3; c++) sums[c] = sums[c]! + share * data[3 * (y * width + x) + c]!;
    }
  }
  return sums.map((sum) => sum / all);
}

/** Bytes as a network's numbers in [−1, 1]. */
export function toRange(bytes: ArrayLike<number>): Float32Array<ArrayBuffer> {
  return Float32Array.from(bytes, valueOfPixel);
}
