import type { ImageShape } from "@ddpm/core/authoring";
/** Pixels of one picture, [height, width, channels], 0 … 255. */
export interface PreparedPicture {
  readonly pixels: Uint8Array;
  readonly shape: ImageShape;
}
