import { dense, joinHeads, onTokens, type Run, type Scope, splitHeads } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** What a position that is not seen adds to its score: float32's lowest number, as PyTorch has it. */
const UNSEEN = -3.4028234663852886e38;

/**
 * Attention of every token to those that the bias leaves, [B, L, width] in and out. Parameters `q`, `k`, `v`, `out`, dense layers
 * with bias. Source: huggingface/transformers modeling_clip.py CLIPAttention.
 *
 * @param bias {@link attentionBias} or {@link paddingBias}
 */
export function tokenAttention(
  scope: Scope,
  { width, heads }: { readonly width: number; readonly heads: number },
): (run: Run, x: tf.Tensor3D, bias: tf.Tensor) => tf.Tensor3D {
  const project = (name: string) => onTokens(dense(scope.child(name), { in: width, out: width }));
  const [q, k, v, out] = [project("q"), project("k"), project("v"), project("out")];
  return (run, x, bias) => {
    const queries = tf.mul(splitHeads(q(run, x), heads), (width / heads) ** -0.5);
    const scores = tf.add(tf.matMul(queries, splitHeads(k(run, x), heads), false, true), bias);
    const mixed = tf.matMul(tf.softmax(scores), splitHeads(v(run, x), heads)) as tf.Tensor4D;
    return out(run, joinHeads(mixed));
  };
}

/** What scores are raised by: 0 where a token is seen, float32's lowest number where it is padding: [B, 1, 1, L] of a mask [B, L]. */
export function paddingBias(mask: tf.Tensor2D): tf.Tensor4D {
  return tf.mul(padded(mask), UNSEEN);
}

/** 1 where a token is padding, [B, 1, 1, L]. */
function padded(mask: tf.Tensor2D): tf.Tensor4D {
  const [batch, length] = mask.shape;
  return tf.reshape(tf.sub(1, tf.cast(mask, "float32")), [batch, 1, 1, length]);
}

/**
 * What scores are raised by: 0 where a token is seen, float32's lowest number where it comes later or is padding.
 *
 * @param length L
 * @param mask   [B, L], 1 where a token is seen
 * @returns      [1 or B, 1, L, L]
 */
export function attentionBias(length: number, mask?: tf.Tensor2D): tf.Tensor4D {
  const later = new Float32Array(length * length);
  for (let row = 0; row < length; row++)
    for (let column = row + 1; column < length; column++) later[row * length + column] = 1;
  const causal = tf.tensor4d(later, [1, 1, length, length]);
  if (!mask) return tf.mul(causal, UNSEEN);
  return tf.mul(tf.maximum(causal, padded(mask)), UNSEEN);
}
