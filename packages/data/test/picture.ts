import sharp from "sharp";

/** A PNG of one level of grey, or another format. */
export function picture(level: number, side = 2, format: "png" | "jpeg" = "png"): Promise<Buffer> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width: side, height: side, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
}
