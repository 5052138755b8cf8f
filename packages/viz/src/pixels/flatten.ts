import { checkPixels, type Pixels } from "./pixels.ts";

/**
 * A picture without opacity: RGBA blended over a grey ground; other pictures are returned as they are.
 *
 * @param ground grey level 0..255; default 255, white
 * @returns [height, width, 3] for RGBA, else the picture itself
 */
export function flatten(pixels: Pixels, ground = 255): Pixels {
  checkPixels("viz/flatten", pixels);
  if (pixels.channels !== 4) return pixels;
  const count = pixels.width * pixels.height;
  const data = new Uint8ClampedArray(count * 3);
  for (let i = 0; i < count; i++) {
    const opacity = pixels.data[4 * i + 3]! / 255;
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = Math.round(opacity * pixels.data[4 * i + c]! + (1 - opacity) * ground);
  }
  return { width: pixels.width, height: pixels.height, channels: 3, data };
}
