import type { ErrorPlace } from "@ddpm/core/authoring";
import { type Colour, colourBytes } from "../pixels/colour.ts";
import { enlarge } from "../pixels/enlarge.ts";
import type { Pictures, Pixels } from "../pixels/pixels.ts";
import { listPixels, type ToPixelsOptions } from "../pixels/to-pixels.ts";
import { refuse } from "../refuse.ts";

/** Options of {@link grid}. */
export interface GridOptions extends ToPixelsOptions {
  /** Pictures per row; default: the smallest number that makes the grid at least as wide as high. */
  readonly columns?: number;
  /** Pixels around and between the pictures, not enlarged; default 2. */
  readonly padding?: number;
  /** Colour of the padding and of empty places; default 255, white. */
  readonly background?: Colour;
  /** Whole factor by which each picture is enlarged; default 1. */
  readonly scale?: number;
}

/**
 * Pictures side by side, row by row, as one.
 *
 * @param pictures [B, H, W, C], or single pictures of one size
 * @returns [rows · (scale · H + padding) + padding, columns · (scale · W + padding) + padding, C]
 * @throws if there are no pictures, their sizes differ, or an option is out of range
 */
export function grid(pictures: Pictures, options: GridOptions = {}): Pixels {
  const tiles = listPixels("viz/grid", pictures, options);
  const { columns = Math.ceil(Math.sqrt(tiles.length)), padding = 2, background = 255, scale = 1 } = options;
  if (!Number.isInteger(columns) || columns < 1)
    refuse("viz/grid", `columns ${columns}`, "Give a whole number from 1 up.");
  if (!Number.isInteger(padding) || padding < 0)
    refuse("viz/grid", `padding ${padding}`, "Give a whole number from 0 up.");
  checkSameSize("viz/grid", tiles);

  const { channels } = tiles[0]!;
  const empty = colourBytes("viz/grid", background, channels);
  const tileWidth = tiles[0]!.width * scale;
  const tileHeight = tiles[0]!.height * scale;
  const width = columns * (tileWidth + padding) + padding;
  const height = Math.ceil(tiles.length / columns) * (tileHeight + padding) + padding;
  const data = new Uint8ClampedArray(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = empty[i % channels]!;

  tiles.forEach((tile, i) => {
    const { data: from } = enlarge(tile, scale);
    const left = padding + (i % columns) * (tileWidth + padding);
    const top = padding + Math.floor(i / columns) * (tileHeight + padding);
    const row = tileWidth * channels;
    for (let y = 0; y < tileHeight; y++)
      data.set(from.subarray(y * row, (y + 1) * row), ((top + y) * width + left) * channels);
  });
  return { width, height, channels, data };
}

/**
 * Refuses pictures that do not share width, height and channels.
 *
 * @param where the function that was called, named in the error
 */
export function checkSameSize(where: ErrorPlace, tiles: readonly Pixels[]): void {
  const size = ({ height, width, channels }: Pixels) => `[${height}, ${width}, ${channels}]`;
  const expected = size(tiles[0]!);
  tiles.forEach((tile, i) => {
    if (size(tile) !== expected)
      refuse(
        where,
        `picture ${i} of size ${size(tile)} among pictures of size ${expected}`,
        "Give pictures of one size.",
      );
  });
}
