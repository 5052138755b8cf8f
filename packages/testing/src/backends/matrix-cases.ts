import * as tf from "@tensorflow/tfjs-core";
import { type BackendCase, type CaseMaker, normals } from "./case.ts";
import { products } from "./definitions.ts";
import type { Draw } from "./draw.ts";

const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 32, 33, 48, 65];

interface Matrices {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** TensorFlow.js does not sum gradients over batches that were broadcast. */
  readonly sameBatch: boolean;
}

/** [..., M, K] · [..., K, N] with any transposition; batches broadcast. */
function matrices(draw: Draw): Matrices {
  const [rows, shared, columns] = [draw.one(LENGTHS), draw.one(LENGTHS), draw.one(LENGTHS)];
  const [transposeA, transposeB] = [draw.chance(0.3), draw.chance(0.3)];
  const batch = Array.from({ length: draw.whole(0, 2) }, () => draw.whole(1, 4));
  const thin = (): number[] => batch.map((length) => (draw.chance(0.3) ? 1 : length));
  const [left, right] = draw.chance(0.5) ? [batch, batch] : [thin(), thin()];
  return {
    a: [...left, ...(transposeA ? [shared, rows] : [rows, shared])],
    b: [...right, ...(transposeB ? [columns, shared] : [shared, columns])],
    transposeA,
    transposeB,
    sameBatch: `${left}` === `${right}`,
  };
}

function product(draw: Draw): BackendCase {
  const { a, b, transposeA, transposeB, sameBatch } = matrices(draw);
  return {
    name: `matMul of [${a}] and [${b}], transposed ${transposeA} and ${transposeB}`,
    inputs: [normals(draw, a), normals(draw, b)],
    gradients: sameBatch,
    apply: (x, y) => tf.matMul(x!, y!, transposeA, transposeB),
    definition: (x, y) => products(x!, y!, transposeA, transposeB),
  };
}

const activations = {
  linear: (x: tf.Tensor) => x,
  relu: (x: tf.Tensor) => tf.relu(x),
  relu6: (x: tf.Tensor) => tf.relu6(x),
  elu: (x: tf.Tensor) => tf.elu(x),
  sigmoid: (x: tf.Tensor) => tf.sigmoid(x),
};

function fusedProduct(draw: Draw): BackendCase {
  let drawn = matrices(draw);
  while (!drawn.sameBatch) drawn = matrices(draw);
  const { a, b, transposeA, transposeB } = drawn;
  const columns = transposeB ? b.at(-2)! : b.at(-1)!;
  const activation = draw.one(Object.keys(activations) as (keyof typeof activations)[]);
  return {
    name: `fused ${activation} of matMul of [${a}] and [${b}], transposed ${transposeA} and ${transposeB}, and bias`,
    inputs: [normals(draw, a), normals(draw, b), normals(draw, [columns])],
    gradients: activation === "linear" || activation === "relu",
    apply: (x, y, bias) => tf.fused.matMul({ a: x!, b: y!, transposeA, transposeB, bias: bias!, activation }),
    definition: (x, y, bias) => {
      const z = tf.add(products(x!, y!, transposeA, transposeB), bias!);
      return activations[activation](z);
    },
  };
}

/** softmax(q kᵀ) v. */
function attention(draw: Draw): BackendCase {
  const [batch, heads] = [draw.whole(1, 3), draw.whole(1, 3)];
  const [queries, keys] = [draw.whole(1, 17), draw.whole(1, 17)];
  const [width, values] = [draw.one([1, 4, 8, 9]), draw.one([1, 4, 8, 9])];
  const shapes = [
    [batch, heads, queries, width],
    [batch, heads, keys, width],
    [batch, heads, keys, values],
  ];
  return {
    name: `attention of ${shapes.map((shape) => `[${shape}]`).join(", ")}`,
    inputs: shapes.map((shape) => normals(draw, shape)),
    gradients: true,
    apply: (q, k, v) => tf.matMul(tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), 0.5)), v!),
  };
}

/** A dense layer over the last axis, its matrix a reshaped tensor. */
function dense(draw: Draw): BackendCase {
  const [rows, from, to] = [draw.whole(1, 9), draw.one([2, 4, 6, 8, 16]), draw.one(LENGTHS)];
  return {
    name: `matMul of [${rows},${from}] with a reshaped [${2 * from},${to}] and with another shape of it`,
    inputs: [normals(draw, [rows, from]), normals(draw, [2 * from, to])],
    gradients: true,
    apply: (x, w) => [
      tf.matMul(x!, tf.reshape(w!, [from, 2 * to])),
      tf.matMul(tf.reshape(w!, [from, 2 * to]), x!, true, true),
    ],
  };
}

/** Matrix products in all transpositions, fused ones, attention, by name. */
export const matrixCases: Readonly<Record<string, CaseMaker>> = { product, fusedProduct, attention, dense };
