import * as tf from "@tensorflow/tfjs-core";
import { losses } from "../../../packages/diffusion/src/index.ts";
import { gelu, geluTanh } from "../../../packages/unet/src/layers/activations/gelu.ts";
import { silu } from "../../../packages/unet/src/layers/activations/silu.ts";
import { choiceOf, type Declared, numberOf } from "../declared.ts";
import { ANY, type Operation } from "./operation.ts";

const unary = (op: (x: tf.Tensor) => tf.Tensor): Operation => ({
  run:
    () =>
    ({ x }) =>
      op(x!),
});

/** An operation along one axis, brought to the last one. */
const alongAxis = (op: (x: tf.Tensor) => tf.Tensor): Operation => ({
  args: { dim: ANY },
  run:
    (args) =>
    ({ x }) => {
      const rank = x!.rank;
      const axis = (numberOf(args, "dim", -1) + rank) % rank;
      if (axis === rank - 1) return op(x!);
      const order = x!.shape.map((_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
      return tf.transpose(op(tf.transpose(x!, order)), order);
    },
});

const reductions: Readonly<Record<string, (each: tf.Tensor) => tf.Tensor>> = {
  mean: (each) => tf.mean(each),
  sum: (each) => tf.sum(each),
  none: (each) => each,
};

const loss = (name: string, option?: string): Operation => ({
  args: { reduction: ANY, ...(option ? { [option]: ANY } : {}) },
  run(args: Declared) {
    const reduce = choiceOf(args, "reduction", reductions, "mean");
    const element = losses.create({ name, ...(option ? { [option]: numberOf(args, option, 1) } : {}) });
    return ({ input, target }) => reduce(element.apply(input!, target!));
  },
});

/** Operations on each number, and losses. */
export const pointwise: Readonly<Record<string, Operation>> = {
  relu: unary(tf.relu),
  softplus: unary(tf.softplus),
  sigmoid: unary(tf.sigmoid),
  tanh: unary(tf.tanh),
  mish: unary((x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  gelu_erf: unary((x) => gelu(x)),
  gelu_tanh: unary((x) => geluTanh(x)),
  silu: unary((x) => silu(x)),
  softmax: alongAxis((x) => tf.softmax(x)),
  log_softmax: alongAxis((x) => tf.logSoftmax(x)),
  mse_loss: loss("l2"),
  l1_loss: loss("l1"),
  huber_loss: loss("huber", "delta"),
  smooth_l1_loss: loss("smooth-l1", "beta"),
};
