import * as tf from "@tensorflow/tfjs-core";
import { type BackendCase, booleans, type CaseMaker, normals, wholes } from "./case.ts";
import { type Draw, shapeOf } from "./draw.ts";

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const positive = (x: tf.Tensor): tf.Tensor => tf.add(tf.abs(x), 0.3);
const inside = (x: tf.Tensor): tf.Tensor => tf.mul(tf.tanh(x), 0.9);

/** Functions of one number, where they are smooth or have kinks that normal numbers do not hit. */
const unary: Readonly<Record<string, Unary>> = {
  abs: tf.abs,
  asin: (x) => tf.asin(inside(x)),
  atan: tf.atan,
  clipByValue: (x) => tf.clipByValue(x, -0.7, 0.8),
  cos: tf.cos,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  log: (x) => tf.log(positive(x)),
  log1p: (x) => tf.log1p(positive(x)),
  logSigmoid: tf.logSigmoid,
  neg: tf.neg,
  reciprocal: (x) => tf.reciprocal(positive(x)),
  relu: tf.relu,
  relu6: (x) => tf.relu6(tf.mul(x, 4)),
  rsqrt: (x) => tf.rsqrt(positive(x)),
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  sqrt: (x) => tf.sqrt(positive(x)),
  square: tf.square,
  tan: (x) => tf.tan(inside(x)),
  tanh: tf.tanh,
};

const binary: Readonly<Record<string, Binary>> = {
  add: tf.add,
  div: (a, b) => tf.div(a, positive(b)),
  maximum: tf.maximum,
  minimum: tf.minimum,
  mul: tf.mul,
  pow: (a, b) => tf.pow(positive(a), b),
  prelu: (a, b) => tf.prelu(a, b),
  squaredDifference: tf.squaredDifference,
  sub: tf.sub,
};

/** Operations whose gradient TensorFlow.js does not sum over what was broadcast. */
const UNSUMMED = ["maximum", "minimum", "prelu", "squaredDifference"];

const comparisons: Readonly<Record<string, Binary>> = {
  equal: tf.equal,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  notEqual: tf.notEqual,
};

const wholeBinary: Readonly<Record<string, Binary>> = {
  add: tf.add,
  floorDiv: (a, b) => tf.floorDiv(a, tf.add(tf.abs(b), tf.scalar(1, "int32"))),
  maximum: tf.maximum,
  minimum: tf.minimum,
  mul: tf.mul,
  sub: tf.sub,
};

/** Numbers where functions jump, overflow or are not defined. */
const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-3, 20, -20, 90, -90, Infinity, -Infinity, NaN];

const onSpecial: Readonly<Record<string, Unary>> = {
  abs: tf.abs,
  ceil: tf.ceil,
  exp: tf.exp,
  floor: tf.floor,
  isFinite: tf.isFinite,
  isNaN: tf.isNaN,
  log: tf.log,
  neg: tf.neg,
  reciprocal: tf.reciprocal,
  relu: tf.relu,
  round: tf.round,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  tanh: tf.tanh,
  "cast to bool": (x) => tf.cast(x, "bool"),
};

/** A shape that broadcasts against another one: some axes 1, leading ones left out. */
function broadcastable(draw: Draw, shape: readonly number[]): number[] {
  const thinned = shape.map((length) => (draw.chance(0.4) ? 1 : length));
  return thinned.slice(draw.chance(0.3) ? draw.whole(0, shape.length) : 0);
}

function operands(draw: Draw): [number[], number[]] {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const other = draw.chance(0.3) ? shape : broadcastable(draw, shape);
  return draw.chance(0.5) ? [shape, other] : [other, shape];
}

function ofOne(draw: Draw): BackendCase {
  const name = draw.one(Object.keys(unary));
  const shape = shapeOf(draw, draw.whole(0, 5));
  return {
    name: `${name} of [${shape}]`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => unary[name]!(x!),
  };
}

function ofTwo(draw: Draw): BackendCase {
  const name = draw.one(Object.keys(binary));
  const shapes = operands(draw);
  return {
    name: `${name} of [${shapes[0]}] and [${shapes[1]}]`,
    inputs: shapes.map((shape) => normals(draw, shape)),
    gradients: !UNSUMMED.includes(name) || `${shapes[0]}` === `${shapes[1]}`,
    apply: (a, b) => binary[name]!(a!, b!),
  };
}

function ofWholes(draw: Draw): BackendCase {
  const compares = draw.chance(0.5);
  const table = compares ? comparisons : wholeBinary;
  const name = draw.one(Object.keys(table));
  const shapes = operands(draw);
  return {
    name: `${name} of int32 [${shapes[0]}] and [${shapes[1]}]`,
    inputs: shapes.map((shape) => wholes(draw, shape, -3, 3)),
    gradients: false,
    apply: (a, b) => table[name]!(a!, b!),
  };
}

function ofSpecial(draw: Draw): BackendCase {
  const name = draw.one(Object.keys(onSpecial));
  const values = Float32Array.from({ length: draw.whole(1, 40) }, () => draw.one(SPECIAL));
  return {
    name: `${name} of ${values}`,
    inputs: [{ shape: [values.length], dtype: "float32", values }],
    gradients: false,
    apply: (x) => onSpecial[name]!(x!),
  };
}

function selection(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  return {
    name: `where of [${shape}]`,
    inputs: [booleans(draw, shape), normals(draw, shape), normals(draw, shape)],
    gradients: false,
    apply: (condition, a, b) => tf.where(condition!, a!, b!),
  };
}

function logical(draw: Draw): BackendCase {
  const [a, b] = operands(draw);
  const [name, operation] = draw.one([
    ["logicalAnd", tf.logicalAnd],
    ["logicalOr", tf.logicalOr],
  ] as const);
  return {
    name: `not ${name} of [${a}] and [${b}]`,
    inputs: [booleans(draw, a), booleans(draw, b)],
    gradients: false,
    apply: (x, y) => tf.logicalNot(operation(x!, y!)),
  };
}

function conversion(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(0, 4));
  const [from, to] = [
    draw.one(["float32", "int32", "bool"] as const),
    draw.one(["float32", "int32", "bool"] as const),
  ];
  const input = {
    float32: () => normals(draw, shape),
    int32: () => wholes(draw, shape, -2, 2),
    bool: () => booleans(draw, shape),
  };
  return {
    name: `cast of ${from} [${shape}] to ${to}`,
    inputs: [input[from]()],
    gradients: false,
    apply: (x) => tf.cast(x!, to),
  };
}

/** Element-wise arithmetic with broadcasting, comparisons, selection and casts, by name. */
export const arithmeticCases: Readonly<Record<string, CaseMaker>> = {
  unary: ofOne,
  binary: ofTwo,
  wholes: ofWholes,
  special: ofSpecial,
  selection,
  logical,
  conversion,
};
