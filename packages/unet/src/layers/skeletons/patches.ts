import * as tf from "@tensorflow/tfjs-core";

/**
 * Rows of patches back to a picture, [B, h · w, p · p · C] → [B, h · p, w · p, C]; each row runs over the patch's
 * pixels, then channels. Source: Peebles & Xie 2022, section 3.2; facebookresearch/DiT `unpatchify`.
 */
export function fromPatches(
  rows: tf.Tensor3D,
  [height, width]: readonly [height: number, width: number],
  patch: number,
): tf.Tensor4D {
  const [batch, , numbers] = rows.shape;
  const channels = numbers / patch ** 2;
  const split = tf.reshape(rows, [batch * height, width, patch, patch * channels]);
  const lines = tf.transpose(split, [0, 2, 1, 3]);
  return tf.reshape(lines, [batch, height * patch, width * patch, channels]);
}

/**
 * Fixed positions of a grid of patches, [h · w, width] row-major: a quarter of the columns each for sin and cos of the
 * column, then of the row; frequency i of n is 10000^(−i / n). Source: facebookresearch/DiT `get_2d_sincos_pos_embed`.
 *
 * @param width a multiple of 4
 */
export function gridPositions(
  [height, across]: readonly [height: number, width: number],
  width: number,
): Float32Array {
  const quarter = width / 4;
  const values = new Float32Array(height * across * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < across; column++) {
      const at = (row * across + column) * width;
      for (let i = 0; i < quarter; i++) {
        const frequency = 10000 ** (-i / quarter);
        values[at + i] = Math.sin(column * frequency);
        values[at + quarter + i] = Math.cos(column * frequency);
        values[at + 2 * quarter + i] = Math.sin(row * frequency);
        values[at + 3 * quarter + i] = Math.cos(row * frequency);
      }
    }
  }
  return values;
}
