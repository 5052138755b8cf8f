/** What every picture of a set is turned into. */
export interface PictureForm {
  /** Rows and columns; as it is when absent. */
  readonly size?: readonly [height: number, width: number] | undefined;
  /** Scale the shorter side and crop the middle, or stretch both sides. */
  readonly fit: "crop" | "stretch";
  /** Grey, or red, green and blue. */
  readonly channels: 1 | 3;
  /** What shows through transparent parts: red, green, blue, 0 … 255. */
  readonly background: readonly [number, number, number];
}

/** Pixels of one picture, [height, width, channels], 0 … 255. */
export interface DecodedPicture {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}
