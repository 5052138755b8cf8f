import * as tf from "@tensorflow/tfjs-core";
import { recomputedInPortions } from "../blocks/recompute.ts";

/**
 * Where q, k and v of each head are among the channels of one joint projection:
 *
 * - `kinds`: [q of all heads ‖ k of all heads ‖ v of all heads]
 * - `heads`: [q, k, v of head 0 ‖ q, k, v of head 1 ‖ …]
 */
export type QkvLayout = "kinds" | "heads";

/** Queries, keys and values of every head, [B, heads, N, width] each. */
export interface Qkv {
  readonly q: tf.Tensor4D;
  readonly k: tf.Tensor4D;
  readonly v: tf.Tensor4D;
  /** Added to the scores, [B or 1, 1, 1, N]; none when left out. */
  readonly bias?: tf.Tensor4D | undefined;
}

/**
 * Splits a joint projection.
 *
 * @param joint [B, N, 3 · heads · width]
 */
export function splitQkv(joint: tf.Tensor3D, heads: number, layout: QkvLayout): Qkv {
  const [batch, pixels, channels] = joint.shape;
  const width = channels / 3 / heads;
  if (layout === "kinds" || heads === 1) {
    const [q, k, v] = tf.split(joint, 3, 2).map((part) => splitHeads(part as tf.Tensor3D, heads));
    return { q: q!, k: k!, v: v! };
  }
  const perHead = tf.reshape(joint, [batch, pixels, heads, 3 * width]);
  const [q, k, v] = tf.split(perHead, 3, 3).map((part) => tf.transpose(part, [0, 2, 1, 3]) as tf.Tensor4D);
  return { q: q!, k: k!, v: v! };
}

/** [B, N, heads · width] → [B, heads, N, width]. */
export function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor4D {
  const [batch, pixels, channels] = x.shape;
  if (heads === 1) return tf.reshape(x, [batch, 1, pixels, channels]);
  return tf.transpose(tf.reshape(x, [batch, pixels, heads, channels / heads]), [0, 2, 1, 3]);
}

/** [B, heads, N, width] → [B, N, heads · width]. */
export function joinHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, heads, pixels, width] = x.shape;
  const turned = heads === 1 ? x : tf.transpose(x, [0, 2, 1, 3]);
  return tf.reshape(turned, [batch, pixels, heads * width]);
}

/** Attention weights of one head and image that are held at a time; the numbers of 1024 pixels by 1024. */
const MOST_WEIGHTS = 2 ** 20;

/**
 * Softmax attention of every pixel to every pixel, softmax(scale · q kᵀ) v (Vaswani et al. 2017, eq. 1).
 *
 * Queries go in as many portions as keep the weights of one head and image below 2²⁰ numbers, and the gradient works
 * each portion's weights out again (Rabe & Staats 2021): memory grows with N, not N², above 1024 pixels.
 *
 * @param scale width^(−1/2) when left out
 * @param most  of weights per head and image, for another bound
 * @returns     [B, N, heads · width]
 */
export function attend(
  { q, k, v, bias }: Qkv,
  scale: number = q.shape[3] ** -0.5,
  most: number = MOST_WEIGHTS,
): tf.Tensor3D {
  const scaled: tf.Tensor4D = tf.mul(q, scale);
  const sizes = portions(q.shape[2], Math.floor(most / k.shape[2]));
  const shared = bias ? [k, v, bias] : [k, v];
  if (sizes.length === 1) return joinHeads(weigh([scaled, ...shared]));
  return joinHeads(recomputedInPortions(scaled, shared, sizes, 2, weigh));
}

/** softmax(q kᵀ + bias) v of [q, k, v, bias]. */
function weigh([q, k, v, bias]: readonly tf.Tensor[]): tf.Tensor4D {
  const scores = tf.matMul(q!, k!, false, true);
  return tf.matMul(tf.softmax(bias ? tf.add(scores, bias) : scores), v!) as tf.Tensor4D;
}

/** `count` in the fewest parts of at most `most`, none longer than another by more than one. */
function portions(count: number, most: number): number[] {
  const parts = Math.ceil(count / Math.max(1, Math.min(most, count)));
  return Array.from(
    { length: parts },
    (_, i) => Math.floor(((i + 1) * count) / parts) - Math.floor((i * count) / parts),
  );
}
