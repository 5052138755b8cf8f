import type * as tf from "@tensorflow/tfjs";

/**
 * How far the second nearest row of a codebook is behind the nearest, latent by latent in the order batch, row, column:
 * the difference of their Euclidean distances.
 *
 * @param latents [B, h, w, C]
 * @param table   [K, C]
 */
export async function indexMargins(latents: tf.Tensor, table: tf.Tensor2D): Promise<Float32Array> {
  const [z, rows] = [await latents.data(), await table.data()];
  const [count, channels] = table.shape;
  const margins = new Float32Array(z.length / channels);
  for (let i = 0; i < margins.length; i++) {
    let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let k = 0; k < count; k++) {
      let square = 0;
      for (let c = 0; c < channels; c++) square += (z[i * channels + c]! - rows[k * channels + c]!) ** 2;
      const distance = Math.sqrt(square);
      if (distance < first) [first, second] = [distance, first];
      else if (distance < second) second = distance;
    }
    margins[i] = second - first;
  }
  return margins;
}
