import * as tf from "@tensorflow/tfjs-core";
import { type BackendCase, type CaseMaker, normals } from "./case.ts";
import { averages, nearest } from "./definitions.ts";
import type { Draw } from "./draw.ts";

type Shape4 = [number, number, number, number];
type Pad = "same" | "valid" | number | tf.backend_util.ExplicitPadding;

/** Sizes of a convolution that has at least one output. */
interface Drawn {
  readonly x: Shape4;
  readonly filter: Shape4;
  readonly y: Shape4;
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: Pad;
  readonly rounding: "floor" | undefined;
}

/** Widths around those of vector units and their blocks. */
const CHANNELS = [1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 16, 16, 17, 20, 24, 32, 32, 32, 33, 48, 64];
const BATCHES = [1, 1, 2, 2, 2, 3, 4, 5, 8, 16, 32];
const SIDES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 12, 16];

/** Multiplications of the largest convolution: the reference is slow. */
const MOST = [40_000, 40_000, 40_000, 200_000];

function pair(draw: Draw, from: number, to: number): [number, number] {
  const first = draw.whole(from, to);
  return [first, draw.chance(0.7) ? first : draw.whole(from, to)];
}

function padding(draw: Draw): Pad {
  const kind = draw.one(["same", "valid", "valid", "number", "explicit", "explicit"] as const);
  if (kind === "same" || kind === "valid") return kind;
  if (kind === "number") return draw.whole(0, 3);
  const side = (): [number, number] => [draw.whole(0, 4), draw.whole(0, 4)];
  return [[0, 0], side(), side(), [0, 0]];
}

function tryConvolution(draw: Draw, depthwise: boolean): Drawn | undefined {
  const kernel = pair(draw, 1, 5);
  const channels = draw.one(CHANNELS);
  const dilations: [number, number] = draw.chance(0.15) ? pair(draw, 1, 3) : [1, 1];
  const dilated = dilations.some((d) => d > 1);
  const strides: [number, number] = dilated || draw.chance(0.5) ? [1, 1] : pair(draw, 1, 3);
  const x: Shape4 = [draw.one(BATCHES), draw.one(SIDES), draw.one(SIDES), channels];
  const filter: Shape4 = [...kernel, channels, depthwise ? draw.whole(1, 3) : draw.one(CHANNELS)];
  const pad = padding(draw);
  const rounding = typeof pad === "string" ? undefined : "floor";
  const info = tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, rounding, depthwise);
  const y = info.outShape as Shape4;
  const products = info.batchSize * info.outHeight * info.outWidth * filter.reduce((a, b) => a * b);
  if (info.outHeight < 1 || info.outWidth < 1 || products > draw.one(MOST)) return undefined;
  return { x, filter, y, strides, dilations, pad, rounding };
}

function drawConvolution(draw: Draw, depthwise: boolean): Drawn {
  for (;;) {
    const drawn = tryConvolution(draw, depthwise);
    if (drawn) return drawn;
  }
}

const describe = (operation: string, { x, filter, strides, dilations, pad }: Drawn): string =>
  `${operation} of [${x}] with [${filter}], strides ${strides}, dilations ${dilations}, padding ${JSON.stringify(pad)}`;

const dilated = ({ dilations }: Drawn): boolean => dilations.some((d) => d > 1);

/** conv2d; TensorFlow.js has no gradient of a dilated one. */
function convolution(draw: Draw): BackendCase {
  const c = drawConvolution(draw, false);
  return {
    name: describe("conv2d", c),
    inputs: [normals(draw, c.x), normals(draw, c.filter)],
    gradients: !dilated(c),
    apply: (x, w) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, c.strides, c.pad, "NHWC", c.dilations, c.rounding),
  };
}

function transposedConvolution(draw: Draw): BackendCase {
  let c = drawConvolution(draw, false);
  while (dilated(c)) c = drawConvolution(draw, false);
  return {
    name: describe(`conv2dTranspose of [${c.y}], the reverse of`, c),
    inputs: [normals(draw, c.y), normals(draw, c.filter)],
    gradients: true,
    apply: (x, w) =>
      tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, c.x, c.strides, c.pad, c.rounding),
  };
}

function depthwiseConvolution(draw: Draw): BackendCase {
  const c = drawConvolution(draw, true);
  return {
    name: describe("depthwiseConv2d", c),
    inputs: [normals(draw, c.x), normals(draw, c.filter)],
    gradients: !dilated(c),
    apply: (x, w) =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        w as tf.Tensor4D,
        c.strides,
        c.pad as "same",
        "NHWC",
        c.dilations,
        c.rounding,
      ),
  };
}

/** A convolution, its bias, and another tensor added to it, which backends may fuse. */
function biasedConvolution(draw: Draw): BackendCase {
  const c = drawConvolution(draw, false);
  const order = draw.one(["y + bias + z", "z + (bias + y)", "y + z + bias"] as const);
  return {
    name: describe(`${order} for y = conv2d`, c),
    inputs: [c.x, c.filter, [c.y[3]], c.y].map((shape) => normals(draw, shape)),
    gradients: !dilated(c),
    apply: (x, w, bias, z) => {
      const y: tf.Tensor = tf.conv2d(
        x as tf.Tensor4D,
        w as tf.Tensor4D,
        c.strides,
        c.pad,
        "NHWC",
        c.dilations,
        c.rounding,
      );
      if (order === "y + bias + z") return tf.add(tf.add(y, bias!), z!);
      return order === "z + (bias + y)" ? tf.add(z!, tf.add(bias!, y)) : tf.add(tf.add(y, z!), bias!);
    },
  };
}

/** TensorFlow.js' fused convolution with an activation. */
function fusedConvolution(draw: Draw): BackendCase {
  const c = drawConvolution(draw, false);
  const activation = draw.one(["linear", "relu", "relu6", "elu", "sigmoid"] as const);
  return {
    name: describe(`fused ${activation} of conv2d and bias`, c),
    inputs: [c.x, c.filter, [c.y[3]]].map((shape) => normals(draw, shape)),
    gradients: false,
    apply: (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: c.strides,
        pad: c.pad,
        dilations: c.dilations,
        dimRoundingMode: c.rounding,
        bias: bias!,
        activation,
      } as Parameters<typeof tf.fused.conv2d>[0]),
  };
}

/** A convolution between a resized input and a pooled output. */
function resizedConvolution(draw: Draw): BackendCase {
  let c = drawConvolution(draw, false);
  while (dilated(c) || c.x[1] % 2 === 1 || c.x[2] % 2 === 1) c = drawConvolution(draw, false);
  const small: Shape4 = [c.x[0], c.x[1] / 2, c.x[2] / 2, c.x[3]];
  const after = draw.one(["nothing", "average", "maximum"] as const);
  const pooled = c.y[1] % 2 === 0 && c.y[2] % 2 === 0 ? after : "nothing";
  const pool = (large: tf.Tensor4D, w: tf.Tensor): tf.Tensor => {
    const y = tf.conv2d(large, w as tf.Tensor4D, c.strides, c.pad, "NHWC", 1, c.rounding);
    if (pooled === "nothing") return y;
    return pooled === "average" ? tf.avgPool(y, 2, 2, "valid") : tf.maxPool(y, 2, 2, "valid");
  };
  return {
    name: describe(`${pooled} 2×2 pooling after, nearest doubling of [${small}] before conv2d`, c),
    inputs: [normals(draw, small), normals(draw, c.filter)],
    gradients: true,
    apply: (x, w) => pool(tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [c.x[1], c.x[2]]), w!),
    definition: (x, w) => pool(nearest(x!, [c.x[1], c.x[2]]), w!),
  };
}

/** Pooling with any window. */
function pooling(draw: Draw): BackendCase {
  const [kind, pool] = draw.one([
    ["avgPool", tf.avgPool],
    ["maxPool", tf.maxPool],
  ] as const);
  for (;;) {
    const window = pair(draw, 1, 4);
    const strides = draw.chance(0.4) ? window : pair(draw, 1, 3);
    const x: Shape4 = [draw.whole(1, 3), draw.one(SIDES), draw.one(SIDES), draw.one(CHANNELS)];
    const pad = draw.one(["same", "valid"] as const);
    const { outHeight, outWidth } = tf.backend_util.computePool2DInfo(x, window, strides, 1, pad);
    if (outHeight < 1 || outWidth < 1) continue;
    return {
      name: `${kind} of [${x}], window ${window}, strides ${strides}, ${pad}`,
      inputs: [normals(draw, x)],
      gradients: true,
      apply: (given) => pool(given as tf.Tensor4D, window, strides, pad),
      ...(kind === "avgPool" && {
        definition: (given: tf.Tensor) => averages(given, window, strides, pad),
      }),
    };
  }
}

/** Convolutions of all kinds with what is fused with them, and pooling, by name. */
export const convolutionCases: Readonly<Record<string, CaseMaker>> = {
  convolution,
  transposedConvolution,
  depthwiseConvolution,
  biasedConvolution,
  fusedConvolution,
  resizedConvolution,
  pooling,
};
