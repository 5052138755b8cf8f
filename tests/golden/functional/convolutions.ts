import * as tf from "@tensorflow/tfjs-core";
import { INFERENCE, type Params } from "../../../packages/core/src/index.ts";
import { type Layer, type Scope, scope } from "../../../packages/unet/src/authoring.ts";
import { convTranspose2d } from "../../../packages/unet/src/layers/linear/conv-transpose2d.ts";
import { conv2d } from "../../../packages/unet/src/layers/linear/conv2d.ts";
import { depthwiseConv2d } from "../../../packages/unet/src/layers/linear/depthwise-conv2d.ts";
import { standardisedConv2d } from "../../../packages/unet/src/layers/linear/standardised-conv2d.ts";
import { type Declared, numberOf } from "../declared.ts";
import { unsupported } from "../result.ts";
import { toOurs, toTorch } from "./layout.ts";
import { ANY, type Functional, type Operation, type Ours } from "./operation.ts";

/** A layer with these parameters, between PyTorch's layouts. */
function images(build: (at: Scope) => Layer<tf.Tensor4D>, params: Params, x: tf.Tensor): tf.Tensor {
  return toTorch(build(scope())({ params, mode: INFERENCE }, toOurs(x)));
}

/** A length that is the same along both axes: a number, or a pair of equal ones. */
function bothAxes(args: Declared, name: string, otherwise: number): number {
  const { [name]: value = otherwise } = args;
  const [first, ...others] = Array.isArray(value) ? value : [value];
  if (typeof first !== "number" || others.some((other) => other !== first))
    unsupported(`${name} is ${JSON.stringify(value)}`);
  return first as number;
}

/** Sides of a stored kernel [.., .., k, k]. */
function kernelOf({ weight }: Functional["inputs"]): readonly [number, number, number] {
  const [a, b, height, width] = weight!.shape as [number, number, number, number];
  return height === width
    ? [a, b, height]
    : unsupported(`a kernel of ${height} x ${width} has no counterpart`);
}

const filter = (weight: tf.Tensor): tf.Tensor => tf.transpose(weight, [2, 3, 1, 0]);
const shift = (bias: tf.Tensor | undefined): Params => (bias ? { bias } : {});

function convolution(args: Declared, inputs: Functional["inputs"]): Ours {
  const [out, perGroup, kernel] = kernelOf(inputs);
  const groups = numberOf(args, "groups", 1);
  const [stride, padding] = [bothAxes(args, "stride", 1), bothAxes(args, "padding", 0)];
  const centred = stride === 1 && kernel % 2 === 1 && padding === (kernel - 1) / 2;
  if (groups > 1 && groups === out && perGroup === 1 && centred && inputs.bias) {
    return ({ x, weight, bias }) => {
      const params = { depthwise: tf.transpose(weight!, [2, 3, 0, 1]), bias: bias! };
      return images((at) => depthwiseConv2d(at, { channels: out, kernel }), params, x!);
    };
  }
  const options = {
    in: perGroup,
    out: out / groups,
    kernel,
    stride,
    padding,
    bias: inputs.bias !== undefined,
  };
  return ({ x, weight, bias }) => {
    const cut = (tensor: tf.Tensor, axis = 0) => (groups === 1 ? [tensor] : tf.split(tensor, groups, axis));
    const [xs, weights, biases] = [cut(x!, 1), cut(weight!), bias ? cut(bias) : []];
    const parts = xs.map((part, i) =>
      images((at) => conv2d(at, options), { kernel: filter(weights[i]!), ...shift(biases[i]) }, part),
    );
    return groups === 1 ? parts[0]! : tf.concat(parts, 1);
  };
}

function transposed(args: Declared, inputs: Functional["inputs"]): Ours {
  const [channelsIn, out, kernel] = kernelOf(inputs);
  const [s, p] = [bothAxes(args, "stride", 1), bothAxes(args, "padding", 0)];
  const extra = bothAxes(args, "output_padding", 0);
  if (kernel % 2 === 0 && s === 2 && p === (kernel - 2) / 2 && extra === 0 && inputs.bias) {
    return ({ x, weight, bias }) => {
      const params = { kernel: filter(weight!), bias: bias! };
      return images((at) => convTranspose2d(at, { in: channelsIn, out, kernel }), params, x!);
    };
  }
  return (given) => {
    const x = toOurs(given.x!);
    const full = (size: number): number => (size - 1) * s + kernel;
    const [batch, height, width] = x.shape;
    const weight = filter(given.weight!) as tf.Tensor4D;
    const all = tf.conv2dTranspose(x, weight, [batch, full(height), full(width), out], s, "valid");
    const sides = [0, extra] as [number, number];
    const padded = tf.pad(all, [[0, 0], sides, sides, [0, 0]]);
    const wanted = (size: number): number => full(size) - 2 * p + extra;
    const cut = tf.slice(padded, [0, p, p, 0], [batch, wanted(height), wanted(width), out]);
    return toTorch(given.bias ? tf.add(cut, given.bias) : cut);
  };
}

const common = { stride: ANY, padding: ANY, dilation: 1, groups: ANY };

/** Convolutions in PyTorch's layouts. */
export const convolutions: Readonly<Record<string, Operation>> = {
  conv2d: { args: common, run: convolution },
  pad_asymmetric_then_conv2d: {
    args: { ...common, pad_left_right_top_bottom: ANY },
    run(args, inputs) {
      const [left, right, top, bottom] = args.pad_left_right_top_bottom as [number, number, number, number];
      const convolve = convolution(args, inputs);
      return (given, leave) => {
        const padded = tf.pad(given.x!, [
          [0, 0],
          [0, 0],
          [top, bottom],
          [left, right],
        ]);
        return convolve({ ...given, x: padded }, leave);
      };
    },
  },
  conv_transpose2d: { args: { ...common, groups: 1, output_padding: ANY }, run: transposed },
  weight_standardised_conv2d: {
    args: { padding: 1, stride: 1, eps: 1e-5 },
    run(_args, inputs) {
      const [out, channelsIn, kernel] = kernelOf(inputs);
      if (kernel !== 3) unsupported(`a standardised kernel of ${kernel} x ${kernel} has no counterpart`);
      return ({ x, weight, bias }) =>
        images(
          (at) => standardisedConv2d(at, { in: channelsIn, out, multiplies: false }),
          { kernel: filter(weight!), bias: bias! },
          x!,
        );
    },
  },
};
