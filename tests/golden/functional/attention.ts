import * as tf from "@tensorflow/tfjs-core";
import { INFERENCE } from "../../../packages/core/src/index.ts";
import { scope } from "../../../packages/unet/src/authoring.ts";
import { attend, splitHeads } from "../../../packages/unet/src/layers/attention/attention.ts";
import { labelEmbedding } from "../../../packages/unet/src/layers/embeddings/label-embedding.ts";
import { dense } from "../../../packages/unet/src/layers/linear/dense.ts";
import { numberOf } from "../declared.ts";
import { ANY, type Operation } from "./operation.ts";

function project(weight: tf.Tensor, bias: tf.Tensor, rows: tf.Tensor): tf.Tensor2D {
  const [out, into] = weight.shape as [number, number];
  const run = { params: { kernel: tf.transpose(weight), bias }, mode: INFERENCE };
  return dense(scope(), { in: into, out })(run, tf.reshape(rows, [-1, into]));
}

/** Attention and projections in PyTorch's layouts. */
export const attention: Readonly<Record<string, Operation>> = {
  scaled_dot_product_attention: {
    args: { heads: ANY, scale: "1/sqrt(C/heads)" },
    run:
      (args) =>
      ({ q, k, v }) => {
        const split = (x: tf.Tensor): tf.Tensor4D => splitHeads(x as tf.Tensor3D, numberOf(args, "heads", 1));
        return attend({ q: split(q!), k: split(k!), v: split(v!) });
      },
  },
  "torch.nn.MultiheadAttention": {
    args: { heads: ANY, batch_first: true },
    run: (args) => (given) => {
      const [batch, tokens, width] = given.x!.shape as [number, number, number];
      const all = project(given.in_proj_weight!, given.in_proj_bias!, given.x!);
      const [q, k, v] = tf
        .split(tf.reshape(all, [batch, tokens, 3 * width]), 3, 2)
        .map((part) => splitHeads(part as tf.Tensor3D, numberOf(args, "heads", 1)));
      const mixed = attend({ q: q!, k: k!, v: v! });
      return tf.reshape(project(given.out_weight!, given.out_bias!, mixed), [batch, tokens, width]);
    },
  },
  linear: {
    run:
      () =>
      ({ x, weight, bias }) => {
        const [out] = weight!.shape as [number, number];
        const shift = bias ?? tf.zeros([out]);
        return tf.reshape(project(weight!, shift, x!), [...x!.shape.slice(0, -1), out]);
      },
  },
  embedding: {
    run:
      () =>
      ({ indices, weight }) => {
        const [classes, width] = weight!.shape as [number, number];
        const layer = labelEmbedding(scope(), { classes, width, none: false });
        const run = { params: { table: weight! }, mode: INFERENCE };
        const rows = layer(run, tf.reshape(indices!, [-1]) as tf.Tensor1D);
        return tf.reshape(rows, [...indices!.shape, width]);
      },
  },
};
