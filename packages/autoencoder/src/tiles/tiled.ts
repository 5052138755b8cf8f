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
  return tf.tidy(() => tiled(x, encode, (tile) => autoencoder.encode(params, tile)));
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
  return tf.tidy(() => tiled(latents, decode, (tile) => autoencoder.decode(params, tile)));
}

function tiled(x: tf.Tensor4D, grid: TileGrid, f: (tile: tf.Tensor4D) => tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const { size, stride, blend, kept } = grid;
  if (height <= size && width <= size) return f(x);
  const starts = (length: number): number[] =>
    Array.from({ length: Math.ceil(length / stride) }, (_, index) => index * stride);
  const joined: tf.Tensor4D[] = [];
  let above: readonly tf.Tensor4D[] | undefined;
  for (const top of starts(height)) {
    const row: tf.Tensor4D[] = [];
    for (const left of starts(width)) {
      const [rows, columns] = [Math.min(size, height - top), Math.min(size, width - left)];
      let tile = tf.tidy(() => f(tf.slice(x, [0, top, left, 0], [batch, rows, columns, channels])));
      if (above) tile = blendTiles(above[row.length]!, tile, blend, 1);
      if (row.length > 0) tile = blendTiles(row.at(-1)!, tile, blend, 2);
      row.push(tile);
    }
    joined.push(
      tf.concat(
        row.map((tile) => corner(tile, kept)),
        2,
      ),
    );
    above = row;
  }
  return tf.concat(joined, 1);
}

/** The first rows and columns of a tile. */
function corner(tile: tf.Tensor4D, kept: number): tf.Tensor4D {
  const [batch, height, width, channels] = tile.shape;
  return tf.slice(tile, [0, 0, 0, 0], [batch, Math.min(height, kept), Math.min(width, kept), channels]);
}
