import { encode } from "fast-png";
import { checkPixels, type ImageTensor, type Pixels } from "../pixels/pixels.ts";
import { listPixels } from "../pixels/to-pixels.ts";
import { refuse } from "../refuse.ts";

/** Options of {@link png}. */
export interface PngOptions {
  /** Text stored with the picture, as tEXt chunks: Latin-1, keys of 1 to 79 characters; e.g. the seed. */
  readonly text?: Readonly<Record<string, string>>;
}

/**
 * A picture as the bytes of a PNG file, without loss: grey, RGB or RGBA, 8 bits per channel.
 *
 * @param picture bytes, or a float32 tensor [H, W, C] or [1, H, W, C] in [-1, 1]
 * @throws if sizes and data disagree, if there are several pictures, or if a text cannot be stored
 */
export function png(picture: Pixels | ImageTensor, options: PngOptions = {}): Uint8Array {
  const [pixels, ...others] = "dataSync" in picture ? listPixels("viz/png", picture) : [picture];
  if (!pixels || others.length > 0)
    refuse("viz/png", `${others.length + 1} pictures`, "Draw them as one with grid(images).");
  checkPixels("viz/png", pixels);
  const { text = {} } = options;
  for (const [key, value] of Object.entries(text)) {
    if (!/^[\x20-\x7e\xa1-\xff]{1,79}$/.test(key))
      refuse("viz/png", `text key ${JSON.stringify(key)}`, "Give 1 to 79 printable Latin-1 characters.");
    if ([...value].some((character) => character === "\0" || character > "\xff"))
      refuse(
        "viz/png",
        `text of ${JSON.stringify(key)} outside Latin-1`,
        "Give it as JSON with \\u escapes.",
      );
  }
  const { width, height, channels, data } = pixels;
  return encode({ width, height, channels, data, depth: 8, text: { ...text } }, { zlib: { level: 6 } });
}
