import * as tf from "@tensorflow/tfjs-core";

/**
 * The nearest row of a codebook for each latent, by Euclidean distance; the first of several at the same distance.
 *
 * @param latents [B, h, w, C]
 * @param table   [K, C]
 * @returns       [B, h, w] int32
 */
export function nearestRows(latents: tf.Tensor4D, table: tf.Tensor2D): tf.Tensor3D {
  const [batch, height, width, channels] = latents.shape;
  const flat = tf.reshape(latents, [batch * height * width, channels]);
  // ‖z − e‖² less ‖z‖², which is the same for all rows.
  const closeness = tf.sub(
    tf.mul(2, tf.matMul(flat, table, false, true)),
    tf.reshape(tf.sum(tf.square(table), 1), [1, table.shape[0]]),
  );
  return tf.reshape(tf.argMax(closeness, 1), [batch, height, width]);
}

/**
 * Rows of a codebook by their indices. The gradient is a product with one-hot rows: that of a gather is missing on some
 * backends, and summed in no fixed order on others.
 *
 * @param table   [K, C]
 * @param indices [B, h, w] int32, in 0 … K − 1
 * @returns       [B, h, w, C]
 */
export function rowsAt(table: tf.Tensor2D, indices: tf.Tensor3D): tf.Tensor4D {
  const [batch, height, width] = indices.shape;
  const [rows, channels] = table.shape;
  const flat = tf.reshape(indices, [batch * height * width]);
  const gathered = tf.customGrad((...given) => {
    const save = given.pop() as unknown as (tensors: tf.Tensor[]) => void;
    const [rowsOf, at] = given as unknown as [tf.Tensor2D, tf.Tensor1D];
    save([at]);
    return {
      value: tf.gather(rowsOf, at),
      gradFunc(dy: tf.Tensor, [at]: tf.Tensor[]) {
        const chosen = tf.cast(tf.oneHot(at as tf.Tensor1D, rows), "float32") as tf.Tensor2D;
        return [tf.matMul(chosen, dy as tf.Tensor2D, true), tf.zeros(at!.shape)];
      },
    };
  });
  return tf.reshape(gathered(table, flat), [batch, height, width, channels]);
}
