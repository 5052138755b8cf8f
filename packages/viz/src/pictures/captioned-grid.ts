import { base64 } from "../files/base64.ts";
import { escapeXml } from "../files/escape-xml.ts";
import { png } from "../files/png.ts";
import type { Pictures } from "../pixels/pixels.ts";
import { listPixels } from "../pixels/to-pixels.ts";
import { refuse } from "../refuse.ts";
import { type GridOptions, grid } from "./grid.ts";

/** Options of {@link captionedGrid}. */
export interface CaptionedGridOptions extends Omit<GridOptions, "background"> {
  /** Text under each picture, one per picture; squeezed where it would be wider than the picture. */
  readonly captions: readonly string[];
  /** Height of the text in pixels; default 12. */
  readonly fontSize?: number;
}

/**
 * Pictures with a line of text under each, as SVG: the pictures are one PNG per row, embedded, the text stays text.
 *
 * @param pictures [B, H, W, C], or single pictures of one size
 * @returns a complete SVG document on white
 * @throws as {@link grid}, and if there is not one caption per picture
 */
export function captionedGrid(pictures: Pictures, options: CaptionedGridOptions): string {
  const { captions, fontSize = 12, normalize, ...rest } = options;
  const tiles = listPixels("viz/captioned-grid", pictures, normalize ? { normalize } : {});
  if (captions.length !== tiles.length)
    refuse(
      "viz/captioned-grid",
      `${captions.length} captions for ${tiles.length} pictures`,
      "Give one per picture.",
    );
  const { columns = Math.ceil(Math.sqrt(tiles.length)), padding = 2, scale = 1 } = rest;

  const tileWidth = tiles[0]!.width * scale;
  const width = columns * (tileWidth + padding) + padding;
  const parts: string[] = [];
  let top = 0;
  for (let first = 0; first < tiles.length; first += columns) {
    const row = grid(tiles.slice(first, first + columns), { ...rest, columns });
    const url = `data:image/png;base64,${base64(png(row))}`;
    parts.push(
      `<image x="0" y="${top}" width="${width}" height="${row.height}" style="image-rendering:pixelated" href="${url}"/>`,
    );
    captions.slice(first, first + columns).forEach((caption, column) => {
      const middle = padding + column * (tileWidth + padding) + tileWidth / 2;
      const squeeze =
        caption.length * fontSize * 0.6 > tileWidth
          ? ` textLength="${tileWidth}" lengthAdjust="spacingAndGlyphs"`
          : "";
      parts.push(
        `<text x="${middle}" y="${top + row.height + fontSize}" text-anchor="middle"${squeeze}>${escapeXml("viz/captioned-grid", caption)}</text>`,
      );
    });
    top += row.height + Math.ceil(1.5 * fontSize);
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" font-family="sans-serif" font-size="${fontSize}" fill="#333">`,
    `<rect width="${width}" height="${top}" fill="#fff"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}
