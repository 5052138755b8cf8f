import { fail } from "@ddpm/core";

/** How images are cut into tiles that overlap. */
export interface Tiling {
  /** Rows and columns of a tile in pixels. */
  readonly size: number;
  /** Rows and columns of a tile in latents; size / factor when left out. */
  readonly latentSize?: number;
  /** Share of a tile that overlaps the next one, in [0, 1); 0.25 when left out. */
  readonly overlap?: number;
}

/** Tiles of an input, and how their outputs are joined; all in rows, and the same in columns. */
export interface TileGrid {
  /** Of an input tile. */
  readonly size: number;
  /** From one input tile to the next. */
  readonly stride: number;
  /** Of an output tile, over which it is blended with the one before. */
  readonly blend: number;
  /** Of an output tile that are kept. */
  readonly kept: number;
}

/**
 * Tiles of images and of latents, in diffusers' arithmetic: sizes are rounded down.
 *
 * Source: huggingface/diffusers autoencoder_kl.py `_tiled_encode`, `tiled_decode`.
 *
 * @param factor pixels per latent
 * @throws DdpmError for sizes whose outputs do not join to what the whole would give
 */
export function tileGrids(
  factor: number,
  { size, latentSize = Math.floor(size / factor), overlap = 0.25 }: Tiling,
): { readonly encode: TileGrid; readonly decode: TileGrid } {
  const where = "autoencoder/tiles";
  if (!(overlap >= 0 && overlap < 1)) fail(where, `an overlap of ${overlap}.`, "Give a share in [0, 1).");
  for (const value of [size, latentSize])
    if (!Number.isSafeInteger(value) || value < 1)
      fail(where, `tiles of ${size} pixels and ${latentSize} latents.`, "Give whole numbers from 1.");
  const grid = (from: number, to: number): TileGrid => {
    const blend = Math.floor(to * overlap);
    return { size: from, stride: Math.floor(from * (1 - overlap)), blend, kept: to - blend };
  };
  const grids = { encode: grid(size, latentSize), decode: grid(latentSize, size) };
  const joins =
    size === factor * latentSize &&
    grids.decode.stride > 0 &&
    grids.encode.stride === factor * grids.encode.kept &&
    grids.decode.kept === factor * grids.decode.stride;
  if (joins) return grids;
  return fail(
    where,
    `tiles of ${size} pixels and ${latentSize} latents with an overlap of ${overlap} do not join.`,
    `Give a multiple of ${factor} whose overlap is a multiple of ${factor}, too.`,
  );
}
