import * as tf from "@tensorflow/tfjs-core";
import { joinHeads, type Qkv } from "./attention.ts";

/**
 * Attention whose cost grows with the number of pixels only: softmax of q over its features, of k over the
 * pixels, then q (kᵀ v). Source: Shen et al. 2018, "Efficient attention"; scaling as in lucidrains.
 *
 * @param scale on the normalised q; width^(−1/2) when left out
 * @returns     [B, N, heads · width]
 */
export function attendLinearly({ q, k, v }: Qkv, scale: number = q.shape[3] ** -0.5): tf.Tensor3D {
  const queries = tf.mul(tf.softmax(q), scale);
  const keys = tf.softmax(tf.transpose(k, [0, 1, 3, 2]));
  const context = tf.matMul(keys, v);
  return joinHeads(tf.matMul(queries, context) as tf.Tensor4D);
}
