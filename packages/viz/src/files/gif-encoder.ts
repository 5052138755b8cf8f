// @ts-expect-error: gifenc comes without types; what is used of it is written down below.
import * as imported from "gifenc";

/** RGB 0..255, 1 to 256 colours. */
export type Palette = number[][];

/** What is used of gifenc. Arrays passed to it own their whole buffer: it reads past views of a part. */
export interface Gifenc {
  GIFEncoder(): {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette?: Palette; delay: number; repeat?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  };
  /** RGBA bytes → at most `most` colours. */
  quantize(rgba: Uint8Array, most: number): Palette;
  /** RGBA bytes → the place of the nearest colour, one per pixel. */
  applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
}

/** Node sees a CommonJS package with everything under `default`, a bundler sees named exports. */
export const gifenc: Gifenc = "GIFEncoder" in imported ? imported : imported.default;
