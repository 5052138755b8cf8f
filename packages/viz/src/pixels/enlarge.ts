import { refuse } from "../refuse.ts";
import { checkPixels, type Pixels } from "./pixels.ts";

/**
 * A picture enlarged by a whole factor, each pixel becoming a square, so that 16 × 16 pictures can be seen.
 *
 * @param scale 1, 2, 3, …
 * @returns [scale · height, scale · width, channels]
 * @throws if `scale` is not a whole number from 1 up
 */
export function enlarge(pixels: Pixels, scale: number): Pixels {
  checkPixels("viz/enlarge", pixels);
  if (!Number.isInteger(scale) || scale < 1)
    refuse("viz/enlarge", `scale ${scale}`, "Give a whole number from 1 up.");
  const { width, height, channels } = pixels;
  const row = width * scale * channels;
  const data = new Uint8ClampedArray(row * height * scale);
  for (let y = 0; y < height; y++) {
    const top = y * scale * row;
    for (let x = 0; x < width * scale; x++)
      for (let c = 0; c < channels; c++)
        data[top + x * channels + c] = pixels.data[(y * width + Math.floor(x / scale)) * channels + c]!;
    for (let copy = 1; copy < scale; copy++) data.copyWithin(top + copy * row, top, top + row);
  }
  return { width: width * scale, height: height * scale, channels, data };
}
