import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { averageHalf } from "./average-half.ts";
import { upsampleNearest } from "./upsample-nearest.ts";

/** Options of {@link filterResample}. */
export interface FilterResampleOptions {
  /** Numbers of the filter along one axis, an even count; divided by their sum. [1, 1] is plain averaging. */
  readonly taps: readonly number[];
  /** What is beyond the border: nothing, or the picture mirrored at its outermost pixels. */
  readonly edges?: "zeros" | "mirror";
  /** No pixels beyond the border: an axis of n becomes (n − taps) / 2 + 1. Halving only. */
  readonly valid?: boolean;
  /** The height alone, as of signals that are images of width 1; both axes when left out. */
  readonly along?: "height";
}

/**
 * Smooths with a separable filter and keeps every second pixel, [B, H, W, C] → [B, H/2, W/2, C].
 * Source: Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data"; NVlabs/edm `Conv2d`.
 *
 * Each axis is a product with a matrix: its gradient exists on every backend, and no axis is moved.
 *
 * @throws DdpmError for an odd number of taps
 */
export function filterHalf(options: FilterResampleOptions): (x: tf.Tensor4D) => tf.Tensor4D {
  const taps = unitTaps(options.taps);
  if (isBox(taps) && !options.along) return averageHalf;
  return (x) => filtered(x, (size) => halving(size, taps, options), options);
}

/** Puts zeros between pixels and smooths with a separable filter times 2 along each axis, [B, H, W, C] → [B, 2H, 2W, C]; see {@link filterHalf}. */
export function filterDouble(options: FilterResampleOptions): (x: tf.Tensor4D) => tf.Tensor4D {
  const taps = unitTaps(options.taps);
  if (isBox(taps) && !options.along) return upsampleNearest;
  return (x) => filtered(x, (size) => doubling(size, taps, options), options);
}

/** A matrix [rows, size], row-major. */
interface Matrix {
  readonly rows: number;
  readonly values: Float32Array;
}

function halving(size: number, taps: readonly number[], { edges, valid }: FilterResampleOptions): Matrix {
  const before = valid ? 0 : taps.length / 2 - 1;
  const rows = Math.floor((size + 2 * before - taps.length) / 2) + 1;
  const values = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    for (const [k, tap] of taps.entries()) {
      const column = within(2 * row + k - before, size, edges);
      if (column !== undefined) values[row * size + column]! += tap;
    }
  }
  return { rows, values };
}

function doubling(size: number, taps: readonly number[], { edges }: FilterResampleOptions): Matrix {
  const before = taps.length / 2 - 1;
  const rows = 2 * size;
  const values = new Float32Array(rows * size);
  for (let from = -before; from < size + before; from++) {
    const column = within(from, size, edges);
    if (column === undefined) continue;
    for (const [k, tap] of taps.entries()) {
      const row = 2 * from + k - before;
      if (row >= 0 && row < rows) values[row * size + column]! += 2 * tap;
    }
  }
  return { rows, values };
}

function within(at: number, size: number, edges: FilterResampleOptions["edges"]): number | undefined {
  if (at >= 0 && at < size) return at;
  if (edges !== "mirror") return undefined;
  const mirrored = at < 0 ? -at : 2 * (size - 1) - at;
  return mirrored >= 0 && mirrored < size ? mirrored : undefined;
}

function filtered(
  x: tf.Tensor4D,
  matrixOf: (size: number) => Matrix,
  { along }: FilterResampleOptions,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const down = matrixOf(height);
  const rows = tf.reshape(x, [batch, height, width * channels]);
  const tall = tf.matMul(tf.tensor3d(down.values, [1, down.rows, height]), rows);
  if (along) return tf.reshape(tall, [batch, down.rows, width, channels]);
  const across = matrixOf(width);
  const columns = tf.reshape(tall, [batch * down.rows, width, channels]);
  const both = tf.matMul(tf.tensor3d(across.values, [1, across.rows, width]), columns);
  return tf.reshape(both, [batch, down.rows, across.rows, channels]);
}

function unitTaps(taps: readonly number[]): number[] {
  if (taps.length === 0 || taps.length % 2 !== 0) {
    fail(
      "unet/filter-resample",
      `a filter of ${taps.length} taps, expected an even number.`,
      "[1, 1] or [1, 3, 3, 1].",
    );
  }
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

function isBox(taps: readonly number[]): boolean {
  return taps.length === 2 && taps[0] === taps[1];
}
