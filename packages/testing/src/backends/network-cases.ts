import * as tf from "@tensorflow/tfjs-core";
import { type BackendCase, type CaseInput, type CaseMaker, normals } from "./case.ts";
import { nearest } from "./definitions.ts";
import type { Draw } from "./draw.ts";

type Layer = (x: tf.Tensor4D, weights: readonly tf.Tensor[], reference: boolean) => tf.Tensor4D;

interface DrawnLayer {
  readonly name: string;
  readonly shape: readonly [number, number, number, number];
  readonly weights: readonly CaseInput[];
  readonly apply: Layer;
}

type Shape4 = DrawnLayer["shape"];

const CHANNELS = [4, 8, 12, 16, 16, 20, 32, 32];

function convolution(draw: Draw, [b, h, w, channels]: Shape4): DrawnLayer {
  const kernel = draw.one([1, 3]);
  const out = draw.one(CHANNELS);
  const stride = h > 2 && w > 2 && draw.chance(0.2) ? 2 : 1;
  const pad = h > 3 && w > 3 && draw.chance(0.3) ? "valid" : "same";
  const biased = draw.chance(0.5);
  const sides = [h, w].map((side) => Math.ceil((pad === "same" ? side : side - kernel + 1) / stride));
  const shapes = [[kernel, kernel, channels, out], ...(biased ? [[out]] : [])];
  return {
    name: `conv ${kernel}×${kernel} to ${out}, stride ${stride}, ${pad}${biased ? ", bias" : ""}`,
    shape: [b, sides[0]!, sides[1]!, out],
    weights: shapes.map((shape) => ({
      ...normals(draw, shape),
      values: draw
        .normals(shape.reduce((a, c) => a * c))
        .map((value) => value / (kernel * Math.sqrt(channels))),
    })),
    apply: (x, [filter, bias]) => {
      const y = tf.conv2d(x, filter as tf.Tensor4D, stride, pad);
      return bias ? tf.add(y, bias) : y;
    },
  };
}

const layer = (
  name: string,
  shape: Shape4,
  apply: Layer,
  weights: readonly CaseInput[] = [],
): DrawnLayer => ({
  name,
  shape,
  weights,
  apply,
});

/** Layers that need no weights, or one that fits. */
function other(draw: Draw, shape: Shape4): DrawnLayer {
  const [b, h, w, channels] = shape;
  const even = h % 2 === 0 && w % 2 === 0;
  const choices: readonly (() => DrawnLayer)[] = [
    () => layer("silu", shape, (x) => tf.mul(x, tf.sigmoid(x))),
    () => layer("plus itself times 0.5", shape, (x) => tf.add(x, tf.mul(x, 0.5))),
    () => layer("plus one per image", shape, (x, [z]) => tf.add(x, z!), [normals(draw, [b, 1, 1, channels])]),
    () => layer("plus a tensor", shape, (x, [z]) => tf.add(x, z!), [normals(draw, shape)]),
    () =>
      layer("times one per channel", shape, (x, [z]) => tf.mul(x, z!), [normals(draw, [1, 1, 1, channels])]),
    () => layer("concat with itself", [b, h, w, 2 * channels], (x) => tf.concat([x, tf.neg(x)], 3)),
    () =>
      layer("half of the channels", [b, h, w, channels / 2], (x) =>
        tf.slice(x, [0, 0, 0, channels / 2], [b, h, w, channels / 2]),
      ),
    () =>
      layer("halves, exchanged", shape, (x) => tf.concat(tf.split(x, 2, 3).reverse() as tf.Tensor4D[], 3)),
    () =>
      layer("group norm", shape, (x) => {
        const groups = tf.reshape(x, [b, h * w, 2, channels / 2]);
        const { mean, variance } = tf.moments(groups, [1, 3], true);
        return tf.reshape(tf.div(tf.sub(groups, mean), tf.sqrt(tf.add(variance, 1e-2))), [b, h, w, channels]);
      }),
    () => layer("padded", [b, h + 2, w + 1, channels], (x) => tf.pad(x, [[0, 0], [1, 1], [0, 1], [0, 0]])), // biome-ignore format: one line
    () => layer("mean over pixels, added", shape, (x) => tf.add(x, tf.mean(x, [1, 2], true))),
    ...(h <= 6 && w <= 6
      ? [
          () =>
            layer("doubled", [b, 2 * h, 2 * w, channels], (x, _, reference) =>
              reference ? nearest(x, [2 * h, 2 * w]) : tf.image.resizeNearestNeighbor(x, [2 * h, 2 * w]),
            ),
        ]
      : []),
    ...(even
      ? [() => layer("average 2×2", [b, h / 2, w / 2, channels], (x) => tf.avgPool(x, 2, 2, "valid"))]
      : []),
  ];
  return draw.one(choices)();
}

/** Numbers of a layer times those of a filter's place in it, which the reference takes long for. */
const costOf = ([b, h, w]: Shape4, { weights, name }: DrawnLayer): number =>
  name.startsWith("conv") ? b * h * w * weights[0]!.shape.reduce((a, c) => a * c) : 0;

/** The largest layer. */
const MOST = 60_000;

/** Up to five layers one after the other, half of them convolutions: layouts and fusions across operations. */
function network(draw: Draw): BackendCase {
  const input: Shape4 = [
    draw.one([1, 2, 2, 3, 4, 16]),
    draw.whole(1, 8),
    draw.whole(1, 8),
    draw.one(CHANNELS),
  ];
  const layers: DrawnLayer[] = [];
  let shape = input;
  for (let left = draw.whole(2, 5); left > 0; left--) {
    const next = draw.chance(0.5) ? convolution(draw, shape) : other(draw, shape);
    if (costOf(shape, next) > MOST) continue;
    layers.push(next);
    shape = next.shape;
  }
  const run =
    (reference: boolean) =>
    (...inputs: tf.Tensor[]): tf.Tensor => {
      let [x, at] = [inputs[0] as tf.Tensor4D, 1];
      for (const { weights, apply } of layers) {
        x = apply(x, inputs.slice(at, at + weights.length), reference);
        at += weights.length;
      }
      return x;
    };
  return {
    name: `[${input}] through ${layers.map(({ name }) => name).join("; ")}`,
    inputs: [normals(draw, input), ...layers.flatMap(({ weights }) => weights)],
    gradients: true,
    apply: run(false),
    definition: run(true),
  };
}

/** Small networks, by name. */
export const networkCases: Readonly<Record<string, CaseMaker>> = { network };
