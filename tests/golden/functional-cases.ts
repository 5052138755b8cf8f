import * as tf from "@tensorflow/tfjs-core";
import { INFERENCE, type Params } from "../../packages/core/src/index.ts";
import { losses } from "../../packages/diffusion/src/index.ts";
import type { Layer, Scope } from "../../packages/unet/src/index.ts";
import { scope } from "../../packages/unet/src/index.ts";
import { attend, splitHeads } from "../../packages/unet/src/layers/attention.ts";
import { channelLayerNorm } from "../../packages/unet/src/layers/channel-layer-norm.ts";
import { convTranspose2d } from "../../packages/unet/src/layers/conv-transpose2d.ts";
import { conv2d } from "../../packages/unet/src/layers/conv2d.ts";
import { dense } from "../../packages/unet/src/layers/dense.ts";
import { depthwiseConv2d } from "../../packages/unet/src/layers/depthwise-conv2d.ts";
import { gelu, geluTanh } from "../../packages/unet/src/layers/gelu.ts";
import { groupNorm } from "../../packages/unet/src/layers/group-norm.ts";
import { labelEmbedding } from "../../packages/unet/src/layers/label-embedding.ts";
import { silu } from "../../packages/unet/src/layers/silu.ts";
import { upsampleNearest } from "../../packages/unet/src/layers/upsample-nearest.ts";
import { type Case, errorOf } from "./ema_lr.ts";
import { toOurs, toTorch } from "./functional-layout.ts";
import { operations } from "./functional-ops.ts";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** One recorded operation, in PyTorch's layouts. */
export interface Functional {
  readonly op: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly output: Stored | number;
  readonly cotangent: Stored | number;
  readonly grads: Readonly<Record<string, Stored>>;
}

export interface FunctionalFile {
  readonly functional: readonly Functional[];
}

type Inputs = Readonly<Record<string, tf.Tensor>>;
export type Ours = (inputs: Inputs) => tf.Tensor;

/** Output and gradients of every operation that our layers and losses have, to float32. */
export async function functionalCases(file: FunctionalFile): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [i, golden] of file.functional.entries()) {
    const id = `functional/${i} ${golden.op}`;
    const ours = translate(golden);
    cases.push(
      ours ? { id, error: await errorIn(golden, ours) } : { id, reason: "no layer of ours does this" },
    );
  }
  return cases;
}

async function errorIn(golden: Functional, ours: Ours): Promise<number> {
  const names = Object.keys(golden.grads);
  const tensor = (stored: Stored | number, dtype: "float32" | "int32" = "float32"): tf.Tensor =>
    typeof stored === "number" ? tf.scalar(stored) : tf.tensor([...stored.data], [...stored.shape], dtype);
  const fixed = Object.keys(golden.inputs).filter((name) => !names.includes(name));
  const [output, ...grads] = tf.tidy(() => {
    const kept = Object.fromEntries(fixed.map((name) => [name, tensor(golden.inputs[name]!, "int32")]));
    const run = (...given: tf.Tensor[]): tf.Tensor =>
      ours({ ...kept, ...Object.fromEntries(names.map((name, i) => [name, given[i]!])) });
    const result = tf.valueAndGrads(run)(
      names.map((name) => tensor(golden.inputs[name]!)),
      tensor(golden.cotangent),
    );
    return [result.value, ...result.grads];
  });
  const data = (stored: Stored | number): readonly number[] =>
    typeof stored === "number" ? [stored] : stored.data;
  let worst = errorOf(await output!.data(), data(golden.output), 4e-6);
  for (const [i, name] of names.entries()) {
    const largest = Math.max(1, ...golden.grads[name]!.data.map(Math.abs));
    worst = Math.max(worst, errorOf(await grads[i]!.data(), golden.grads[name]!.data, 4e-6, largest));
  }
  tf.dispose([output!, ...grads]);
  return worst;
}

/** A layer with these parameters, between PyTorch's layouts. */
function images(build: (at: Scope) => Layer<tf.Tensor4D>, params: Params, x: tf.Tensor): tf.Tensor {
  return toTorch(build(scope())({ params, mode: INFERENCE }, toOurs(x)));
}

function translate({ op, args, inputs }: Functional): Ours | undefined {
  switch (op) {
    case "group_norm":
      return ({ x, weight, bias }) => {
        const options = { channels: 4, groups: args.num_groups as number, eps: args.eps as number };
        return images((at) => groupNorm(at, options), { scale: weight!, shift: bias! }, x!);
      };
    case "layer_norm":
      return ({ x, weight, bias }) => {
        const layer = channelLayerNorm(scope(), { channels: 4, eps: args.eps as number });
        const params = { scale: weight!, shift: bias! };
        const rows = tf.reshape(x!, [2, 9, 1, 4]) as tf.Tensor4D;
        return tf.reshape(layer({ params, mode: INFERENCE }, rows), x!.shape);
      };
    case "scaled_dot_product_attention":
      return ({ q, k, v }) => {
        const heads = args.heads as number;
        const split = (x: tf.Tensor): tf.Tensor4D => splitHeads(x as tf.Tensor3D, heads);
        return attend({ q: split(q!), k: split(k!), v: split(v!) });
      };
    case "interpolate":
      if (args.mode !== "nearest" || args.scale_factor !== 2) return operations.interpolate!(args, inputs);
      return ({ x }) => toTorch(upsampleNearest(toOurs(x!)));
    case "gelu_erf":
      return ({ x }) => gelu(x!);
    case "gelu_tanh":
      return ({ x }) => geluTanh(x!);
    case "silu":
      return ({ x }) => silu(x!);
    case "mse_loss":
      return loss("l2", args);
    case "l1_loss":
      return loss("l1", args);
    case "huber_loss":
      return loss({ name: "huber", delta: args.delta }, args);
    case "smooth_l1_loss":
      return loss({ name: "smooth-l1", beta: args.beta }, args);
    case "conv2d":
    case "pad_asymmetric_then_conv2d":
      return convolution(op, args, inputs.weight!.shape);
    case "conv_transpose2d": {
      const [channelsIn, out, kernel] = inputs.weight!.shape as [number, number, number];
      if (kernel % 2 !== 0 || args.stride !== 2 || args.padding !== (kernel - 2) / 2) {
        return operations.conv_transpose2d!(args, inputs);
      }
      return ({ x, weight, bias }) => {
        const params = { kernel: tf.transpose(weight!, [2, 3, 1, 0]), bias: bias! };
        return images((at) => convTranspose2d(at, { in: channelsIn, out, kernel }), params, x!);
      };
    }
    case "linear":
      return ({ x, weight, bias }) => {
        const params = { kernel: tf.transpose(weight!), bias: bias! };
        const rows = tf.reshape(x!, [-1, 5]) as tf.Tensor2D;
        return tf.reshape(dense(scope(), { in: 5, out: 4 })({ params, mode: INFERENCE }, rows), [2, 3, 4]);
      };
    case "embedding":
      return ({ indices, weight }) => {
        const layer = labelEmbedding(scope(), { classes: 5, width: 3, none: false });
        const run = { params: { table: weight! }, mode: INFERENCE };
        return tf.reshape(layer(run, tf.reshape(indices!, [-1]) as tf.Tensor1D), [2, 3, 3]);
      };
    default:
      return operations[op]?.(args, inputs);
  }
}

function loss(spec: Parameters<typeof losses.create>[0], { reduction }: Functional["args"]): Ours {
  return ({ input, target }) => {
    const each = losses.create(spec).apply(input!, target!);
    return reduction === "mean" ? tf.mean(each) : each;
  };
}

function convolution(op: string, args: Functional["args"], shape: readonly number[]): Ours | undefined {
  const [out, perGroup, kernel] = shape as [number, number, number];
  const { groups = 1, stride } = args as { groups?: number; stride: number };
  if (groups === out && perGroup === 1 && stride === 1) {
    return ({ x, weight, bias }) => {
      const params = { depthwise: tf.transpose(weight!, [2, 3, 0, 1]), bias: bias! };
      return images((at) => depthwiseConv2d(at, { channels: out, kernel }), params, x!);
    };
  }
  if (groups !== 1) return grouped(args, { out, perGroup, kernel, groups });
  return ({ x, weight, bias }) => {
    const odd = op === "pad_asymmetric_then_conv2d";
    const padded = odd
      ? tf.pad(x!, [
          [0, 0],
          [0, 0],
          [0, 1],
          [0, 1],
        ])
      : x!;
    const params = { kernel: tf.transpose(weight!, [2, 3, 1, 0]), bias: bias! };
    const options = { in: perGroup, out, kernel, stride, padding: args.padding as number };
    return images((at) => conv2d(at, options), params, padded);
  };
}

/** Each group of channels on its own, then side by side. */
function grouped(
  args: Functional["args"],
  { out, perGroup, kernel, groups }: { out: number; perGroup: number; kernel: number; groups: number },
): Ours {
  const options = { in: perGroup, out: out / groups, kernel, stride: args.stride as number };
  return ({ x, weight, bias }) => {
    const [xs, weights, biases] = [
      tf.split(x!, groups, 1),
      tf.split(weight!, groups),
      tf.split(bias!, groups),
    ];
    const parts = xs.map((part, i) => {
      const params = { kernel: tf.transpose(weights[i]!, [2, 3, 1, 0]), bias: biases[i]! };
      return images((at) => conv2d(at, { ...options, padding: args.padding as number }), params, part);
    });
    return tf.concat(parts, 1);
  };
}
