import { flatten } from "../pixels/flatten.ts";
import type { Pixels } from "../pixels/pixels.ts";
import { shrink } from "../pixels/shrink.ts";
import { previewWidth } from "./preview-width.ts";

/** Options of {@link ansiPreview}. */
export interface AnsiPreviewOptions {
  /** Characters per line, at most; wider pictures are averaged down, narrower ones stay. Default 80. */
  readonly columns?: number;
}

/**
 * A picture for a terminal with 24-bit colour: each "▀" shows two pixels, one in its foreground, one in its background.
 *
 * @returns ceil(height / 2) lines, each ending in a colour reset and "\n"
 * @throws if sizes and data disagree, or `columns` is no whole number from 1 up
 */
export function ansiPreview(pixels: Pixels, options: AnsiPreviewOptions = {}): string {
  const width = previewWidth("viz/ansi-preview", pixels, options.columns);
  const height = Math.max(1, Math.round((pixels.height * width) / pixels.width));
  const rgb = shrink(flatten(pixels), width, height);
  const colour = (x: number, y: number) =>
    [0, 1, 2].map((c) => Math.round(rgb[(y * width + x) * 3 + c]!)).join(";");

  let text = "";
  for (let y = 0; y < height; y += 2) {
    let before = "";
    for (let x = 0; x < width; x++) {
      const below = y + 1 < height ? `\x1b[48;2;${colour(x, y + 1)}m` : "";
      const code = `\x1b[38;2;${colour(x, y)}m${below}`;
      text += code === before ? "▀" : `${code}▀`;
      before = code;
    }
    text += "\x1b[0m\n";
  }
  return text;
}
