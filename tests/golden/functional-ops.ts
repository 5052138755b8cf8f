import * as tf from "@tensorflow/tfjs-core";
import { INFERENCE, type Mode } from "../../packages/core/src/index.ts";
import { scope } from "../../packages/unet/src/index.ts";
import { attend, splitHeads } from "../../packages/unet/src/layers/attention.ts";
import { batchNorm } from "../../packages/unet/src/layers/batch-norm.ts";
import { dense } from "../../packages/unet/src/layers/dense.ts";
import { rmsNorm } from "../../packages/unet/src/layers/rms-norm.ts";
import { standardisedConv2d } from "../../packages/unet/src/layers/standardised-conv2d.ts";
import type { Functional, Ours } from "./functional-cases.ts";
import { toOurs, toTorch } from "./functional-layout.ts";
import { resampling } from "./functional-resampling.ts";

type Translation = (args: Functional["args"], inputs: Functional["inputs"]) => Ours | undefined;

const unary =
  (op: (x: tf.Tensor) => tf.Tensor): Translation =>
  () =>
  ({ x }) =>
    op(x!);

const pooling =
  (pool: typeof tf.avgPool): Translation =>
  ({ kernel, stride }) =>
  ({ x }) =>
    toTorch(pool(toOurs(x!), kernel as number, stride as number, "valid"));

/** Operations of PyTorch that our networks are made of, in PyTorch's layouts. */
export const operations: Readonly<Record<string, Translation>> = {
  relu: unary(tf.relu),
  softplus: unary(tf.softplus),
  sigmoid: unary(tf.sigmoid),
  mish: unary((x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  softmax: unary((x) => tf.softmax(x)),
  log_softmax: unary((x) => tf.logSoftmax(x)),
  avg_pool2d: pooling(tf.avgPool),
  max_pool2d: pooling(tf.maxPool),

  "channel_rms_norm (lucidrains RMSNorm)":
    () =>
    ({ x, g }) => {
      const layer = rmsNorm(scope(), g!.size);
      return toTorch(layer({ params: { scale: tf.reshape(g!, [-1]) }, mode: INFERENCE }, toOurs(x!)));
    },

  batch_norm: ({ training, eps, momentum, running_mean, running_var }) => {
    if (eps !== 1e-5 || momentum !== 0.1) return undefined;
    return ({ x, weight, bias }) => {
      const layer = batchNorm(scope(), weight!.size);
      const params = {
        scale: weight!,
        shift: bias!,
        mean: tf.tensor1d(running_mean as number[]),
        variance: tf.tensor1d(running_var as number[]),
        batches: tf.scalar(0),
      };
      const mode: Mode = training ? { training: true } : INFERENCE;
      return toTorch(layer({ params, mode }, toOurs(x!)));
    };
  },

  "torch.nn.MultiheadAttention":
    ({ heads }) =>
    (given) => {
      const x = given.x as tf.Tensor3D;
      const [batch, tokens, width] = x.shape;
      const project = (weight: tf.Tensor, bias: tf.Tensor, rows: tf.Tensor): tf.Tensor2D => {
        const [out, into] = weight.shape as [number, number];
        const run = { params: { kernel: tf.transpose(weight), bias }, mode: INFERENCE };
        return dense(scope(), { in: into, out })(run, tf.reshape(rows, [-1, into]));
      };
      const all = project(given.in_proj_weight!, given.in_proj_bias!, x);
      const [q, k, v] = tf.split(tf.reshape(all, [batch, tokens, 3 * width]), 3, 2).map((part) => {
        return splitHeads(part as tf.Tensor3D, heads as number);
      });
      const mixed = attend({ q: q!, k: k!, v: v! });
      return tf.reshape(project(given.out_weight!, given.out_bias!, mixed), [batch, tokens, width]);
    },

  weight_standardised_conv2d: ({ padding }, { weight }) => {
    const [out, channelsIn, kernel] = weight!.shape as [number, number, number];
    if (kernel !== 3 || padding !== 1) return undefined;
    return (given) => {
      const params = { kernel: tf.transpose(given.weight!, [2, 3, 1, 0]), bias: given.bias! };
      const layer = standardisedConv2d(scope(), { in: channelsIn, out, multiplies: false });
      return toTorch(layer({ params, mode: INFERENCE }, toOurs(given.x!)));
    };
  },

  pixel_unshuffle:
    ({ factor }) =>
    ({ x }) => {
      const f = factor as number;
      const [batch, channels, height, width] = x!.shape as [number, number, number, number];
      const cells = tf.reshape(x!, [batch, channels, height / f, f, width / f, f]);
      return tf.reshape(tf.transpose(cells, [0, 1, 3, 5, 2, 4]), [
        batch,
        channels * f * f,
        height / f,
        width / f,
      ]);
    },

  pixel_shuffle:
    ({ factor }) =>
    ({ x }) => {
      const f = factor as number;
      const [batch, channels, height, width] = x!.shape as [number, number, number, number];
      const cells = tf.reshape(x!, [batch, channels / (f * f), f, f, height, width]);
      return tf.reshape(tf.transpose(cells, [0, 1, 4, 2, 5, 3]), [
        batch,
        channels / (f * f),
        height * f,
        width * f,
      ]);
    },

  interpolate: resampling,

  conv_transpose2d:
    ({ stride, padding, output_padding = 0 }, { weight }) =>
    (given) => {
      const [s, p, extra] = [stride, padding, output_padding] as [number, number, number];
      const [, out, kernel] = weight!.shape as [number, number, number];
      const x = toOurs(given.x!);
      const full = (size: number): number => (size - 1) * s + kernel;
      const [batch, height, width] = x.shape;
      const filter = tf.transpose(given.weight!, [2, 3, 1, 0]) as tf.Tensor4D;
      const all = tf.conv2dTranspose(x, filter, [batch, full(height), full(width), out], s, "valid");
      const wanted = (size: number): number => full(size) - 2 * p + extra;
      const cut = tf.slice(
        tf.pad(all, [
          [0, 0],
          [0, extra],
          [0, extra],
          [0, 0],
        ]),
        [0, p, p, 0],
        [batch, wanted(height), wanted(width), out],
      );
      return toTorch(tf.add(cut, given.bias!));
    },
};
