import type { ErrorPlace } from "@ddpm/core/authoring";
import { checkPixels, type Pixels } from "../pixels/pixels.ts";
import { refuse } from "../refuse.ts";

/** How many characters wide a picture is shown: never enlarged, at most `columns`. */
export function previewWidth(where: ErrorPlace, pixels: Pixels, columns = 80): number {
  checkPixels(where, pixels);
  if (!Number.isInteger(columns) || columns < 1)
    refuse(where, `columns ${columns}`, "Give a whole number from 1 up.");
  return Math.min(columns, pixels.width);
}
