import * as tf from "@tensorflow/tfjs-core";

/**
 * A tile whose first rows (axis 1) or columns (axis 2) fade in from the last ones of the tile before it.
 *
 * Source: huggingface/diffusers autoencoder_kl.py `blend_v`, `blend_h`.
 *
 * @param before [B, H', W', C], the same size across
 * @param extent rows or columns, fewer where a tile has fewer
 */
export function blendTiles(before: tf.Tensor4D, tile: tf.Tensor4D, extent: number, axis: 1 | 2): tf.Tensor4D {
  const [ours, theirs] = [tile.shape[axis], before.shape[axis]];
  const length = Math.min(ours, theirs, extent);
  if (length === 0) return tile;
  const part = (x: tf.Tensor4D, from: number, count: number): tf.Tensor4D => {
    const [begin, size] = [[0, 0, 0, 0], [...x.shape]] as [
      [number, number, number, number],
      [number, number, number, number],
    ];
    begin[axis] = from;
    size[axis] = count;
    return tf.slice(x, begin, size);
  };
  const share = tf.reshape(
    tf.div(tf.range(0, length), length),
    axis === 1 ? [1, length, 1, 1] : [1, 1, length, 1],
  );
  const faded: tf.Tensor4D = tf.add(
    tf.mul(part(before, theirs - length, length), tf.sub(1, share)),
    tf.mul(part(tile, 0, length), share),
  );
  return ours === length ? faded : tf.concat([faded, part(tile, length, ours - length)], axis);
}
