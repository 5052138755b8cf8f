import type { Params } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { checkImages, checkLatents } from "../autoencoder-from.ts";
import { blendTiles } from "./blend.ts";
import { type TileGrid, type Tiling, tileGrids } from "./grid.ts";

/**
 * `encode` tile by tile, for images whose features do not fit into memory at once; images no larger than a tile are
 * encoded whole. Tiles do not see each other, so the result differs from that of the whole where receptive fields are cut.
 *
 * @param x [B, H, W, channels] in [−1, 1]
 * @returns as `encode`
 * @throws DdpmError as `encode`, and for tiles that do not join
 */
export function tiledEncode(
  autoencoder: Autoencoder,
  params: Params,
  x: tf.Tensor4D,
  tiling: Tiling,
): tf.Tensor4D {
  checkImages(autoencoder, x.shape);
  const { encode } = tileGrids(autoencoder.factor, tiling);
  return tiled(x, encode, (tile) => autoencoder.encode(params, tile));
}

/**
 * `decode` tile by tile, as {@link tiledEncode}.
 *
 * @param latents [B, h, w, latentChannels]
 * @returns       as `decode`
 * @throws DdpmError as `decode`, and for tiles that do not join
 */
export function tiledDecode(
  autoencoder: Autoencoder,
  params: Params,
  latents: tf.Tensor4D,
  tiling: Tiling,
): tf.Tensor4D {
  checkLatents(autoencoder, latents.shape);
  const { decode } = tileGrids(autoencoder.factor, tiling);
  return tiled(latents, decode, (tile) => autoencoder.decode(params, tile));
}

/** Each tile in a `tidy` of its own, so that its features are gone before the next: call it outside of any other. */
function tiled(x: tf.Tensor4D, grid: TileGrid, f: (tile: tf.Tensor4D) => tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const { size, stride } = grid;
  if (height <= size && width <= size) return f(x);
  const starts = (length: number): number[] =>
    Array.from({ length: Math.ceil(length / stride) }, (_, index) => index * stride);
  const rows: tf.Tensor4D[][] = [];
  try {
    for (const top of starts(height)) {
      const row: tf.Tensor4D[] = [];
      rows.push(row);
      for (const left of starts(width)) {
        const shape: [number, number, number, number] = [
          ...([batch, Math.min(size, height - top)] as const),
          ...([Math.min(size, width - left), channels] as const),
        ];
        row.push(tf.tidy(() => f(tf.slice(x, [0, top, left, 0], shape))));
      }
    }
    return tf.tidy(() => joined(rows, grid));
  } finally {
    tf.dispose(rows);
  }
}

/** Tiles blended with those above and to the left, which are blended already, and joined. */
function joined(rows: readonly (readonly tf.Tensor4D[])[], { blend, kept }: TileGrid): tf.Tensor4D {
  let above: readonly tf.Tensor4D[] | undefined;
  const strips = rows.map((row) => {
    const blended: tf.Tensor4D[] = [];
    for (const [column, tile] of row.entries()) {
      const under = above ? blendTiles(above[column]!, tile, blend, 1) : tile;
      blended.push(column > 0 ? blendTiles(blended.at(-1)!, under, blend, 2) : under);
    }
    above = blended;
    return tf.concat(
      blended.map((tile) => corner(tile, kept)),
      2,
    );
  });
  return tf.concat(strips, 1);
}

/** The first rows and columns of a tile. */
function corner(tile: tf.Tensor4D, kept: number): tf.Tensor4D {
  const [batch, height, width, channels] = tile.shape;
  return tf.slice(tile, [0, 0, 0, 0], [batch, Math.min(height, kept), Math.min(width, kept), channels]);
}
