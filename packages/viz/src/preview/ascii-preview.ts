import { flatten } from "../pixels/flatten.ts";
import type { Pixels } from "../pixels/pixels.ts";
import { shrink } from "../pixels/shrink.ts";
import { refuse } from "../refuse.ts";
import { previewWidth } from "./preview-width.ts";

/** Options of {@link asciiPreview}. */
export interface AsciiPreviewOptions {
  /** Characters per line, at most; wider pictures are averaged down, narrower ones stay. Default 80. */
  readonly columns?: number;
  /** Characters from dark to light, 2 or more; default " .:-=+*#%@", for light text on a dark ground. */
  readonly ramp?: string;
}

/**
 * A picture for a terminal without colour: one character per pixel, chosen by lightness.
 * A character is about twice as high as wide, so each stands for two rows of pixels.
 *
 * @returns lines that each end in "\n"
 * @throws if sizes and data disagree, or an option is out of range
 */
export function asciiPreview(pixels: Pixels, options: AsciiPreviewOptions = {}): string {
  const ramp = [...(options.ramp ?? " .:-=+*#%@")];
  if (ramp.length < 2)
    refuse("viz/ascii-preview", `a ramp of ${ramp.length} character(s)`, "Give at least 2, dark to light.");
  const width = previewWidth("viz/ascii-preview", pixels, options.columns);
  const height = Math.max(1, Math.round((pixels.height * width) / pixels.width / 2));
  const rgb = shrink(flatten(pixels), width, height);
  const rows = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => ramp[level(rgb, (y * width + x) * 3, ramp.length)]).join(""),
  );
  return `${rows.join("\n")}\n`;
}

/** Luma of Rec. 601, in equal steps. */
function level(rgb: Float64Array, at: number, levels: number): number {
  const luma = (299 * rgb[at]! + 587 * rgb[at + 1]! + 114 * rgb[at + 2]!) / 1000;
  return Math.min(levels - 1, Math.floor((luma / 256) * levels));
}
