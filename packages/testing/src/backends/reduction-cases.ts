import * as tf from "@tensorflow/tfjs-core";
import { type BackendCase, booleans, type CaseMaker, normals, wholes } from "./case.ts";
import { type Draw, shapeOf } from "./draw.ts";

const reductions = {
  sum: tf.sum,
  mean: tf.mean,
  max: tf.max,
  min: tf.min,
  prod: tf.prod,
  logSumExp: tf.logSumExp,
} as const;

function reduction(draw: Draw): BackendCase {
  const name = draw.one(Object.keys(reductions) as (keyof typeof reductions)[]);
  const shape = shapeOf(draw, draw.whole(1, 5));
  const axes = draw.some(shape.length);
  const keep = draw.chance(0.5);
  return {
    name: `${name} of [${shape}] over ${axes}, keepDims ${keep}`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => reductions[name](x!, axes, keep),
  };
}

/** Sums over the pixels or the images and pixels of activations, as biases and norms need them. */
function pixelReduction(draw: Draw): BackendCase {
  const shape = [draw.whole(1, 4), draw.whole(1, 6), draw.whole(1, 6), draw.one([3, 8, 16, 20, 32, 48])];
  const axes = draw.one([[1, 2], [0, 1, 2], [1, 2, 3], [3], [0]]);
  const [name, reduce] = draw.one([
    ["sum", tf.sum],
    ["mean", tf.mean],
  ] as const);
  return {
    name: `${name} of [${shape}] over ${axes}`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => reduce(tf.mul(x!, x!), axes),
  };
}

function wholeReduction(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const axes = draw.some(shape.length);
  const [name, reduce] = draw.one([
    ["sum", tf.sum],
    ["max", tf.max],
    ["min", tf.min],
    ["any", tf.any],
    ["all", tf.all],
  ] as const);
  const input = name === "any" || name === "all" ? booleans(draw, shape) : wholes(draw, shape, -9, 9);
  return {
    name: `${name} of ${input.dtype} [${shape}] over ${axes}`,
    inputs: [input],
    gradients: false,
    apply: (x) => reduce(x!, axes),
  };
}

function argument(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const axis = draw.whole(0, shape.length - 1);
  const [name, place] = draw.one([
    ["argMax", tf.argMax],
    ["argMin", tf.argMin],
  ] as const);
  return {
    name: `${name} of [${shape}] along ${axis}`,
    inputs: [normals(draw, shape)],
    gradients: false,
    apply: (x) => place(x!, axis),
  };
}

function softmax(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const [name, normalise] = draw.one([
    ["softmax", tf.softmax],
    ["logSoftmax", tf.logSoftmax],
  ] as const);
  return {
    name: `${name} of [${shape}]`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => normalise(tf.mul(x!, 3)),
  };
}

function cumulative(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const axis = draw.whole(0, shape.length - 1);
  const [exclusive, reverse] = [draw.chance(0.5), draw.chance(0.5)];
  return {
    name: `cumsum of [${shape}] along ${axis}, exclusive ${exclusive}, reverse ${reverse}`,
    inputs: [normals(draw, shape)],
    // TensorFlow.js has no right gradient along other axes than the last.
    gradients: axis === shape.length - 1,
    apply: (x) => tf.cumsum(x!, axis, exclusive, reverse),
  };
}

function top(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 3));
  const k = draw.whole(1, shape.at(-1)!);
  return {
    name: `topk of [${shape}], k ${k}`,
    inputs: [normals(draw, shape)],
    gradients: false,
    apply: (x) => Object.values(tf.topk(x!, k)) as tf.Tensor[],
  };
}

/** Reductions along any axes, softmax, cumulative sums, places of extremes, by name. */
export const reductionCases: Readonly<Record<string, CaseMaker>> = {
  reduction,
  pixelReduction,
  wholeReduction,
  argument,
  softmax,
  cumulative,
  top,
};
