import type { Pixels } from "./pixels.ts";

/**
 * A picture made smaller by averaging: each new pixel is the mean of the area it covers, in RGB.
 * Values are not rounded, so that a caller can compute with them.
 *
 * @param width  new width, 1..width
 * @param height new height, 1..height
 * @returns height · width · 3 values in 0..255
 */
export function shrink(pixels: Pixels, width: number, height: number): Float64Array {
  const { channels, data } = pixels;
  const across = weights(pixels.width, width);
  const down = weights(pixels.height, height);
  const out = new Float64Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const [fromY, wy] of down[y]!)
        for (const [fromX, wx] of across[x]!)
          for (let c = 0; c < 3; c++) {
            const at = (fromY * pixels.width + fromX) * channels + (channels === 1 ? 0 : c);
            out[(y * width + x) * 3 + c]! += wy * wx * data[at]!;
          }
  return out;
}

/** For each new pixel, the old ones under it and the share each has; shares sum to 1. */
function weights(from: number, to: number): [index: number, share: number][][] {
  return Array.from({ length: to }, (_, i) => {
    const start = (i * from) / to;
    const end = ((i + 1) * from) / to;
    const under: [number, number][] = [];
    for (let j = Math.floor(start); j < end; j++)
      under.push([j, ((Math.min(end, j + 1) - Math.max(start, j)) * to) / from]);
    return under;
  });
}
