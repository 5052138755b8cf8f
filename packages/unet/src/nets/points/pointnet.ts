import { expectShape, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { dense } from "../../layers/linear/dense.ts";
import { onTokens } from "../../layers/linear/on-tokens.ts";
import { batchNorm } from "../../layers/norms/batch-norm.ts";
import { asImage, asSignal } from "../../layers/skeletons/signals.ts";
import { plugin } from "../../plugin.ts";
import { positiveInteger } from "../../positive-integer.ts";
import { initialParams, type Layer, type Scope, scope } from "../../scope.ts";
import type { PointEncoder } from "./point-encoder.ts";

/** Options of {@link pointnet}; meanings, ranges and defaults are in its schema. */
export interface PointnetOptions {
  zdim?: number;
  inputDim?: number;
  widths?: number[];
  headWidths?: number[];
}

const options = {
  zdim: positiveInteger.default(128).describe("numbers of a code"),
  inputDim: positiveInteger.default(3).describe("coordinates of a point"),
  widths: z
    .array(positiveInteger)
    .min(1)
    .default([128, 128, 256, 512])
    .describe("numbers in each layer over the points, before their maximum"),
  headWidths: z
    .array(positiveInteger)
    .default([256, 128])
    .describe("numbers in each hidden layer after the maximum, for mean and variance alike"),
};

/** PointNet as an encoder: dense layers for every point, the maximum over the points, dense layers for mean and variance. */
export const pointnet: Plugin<PointnetOptions, PointEncoder> = plugin({
  name: "pointnet",
  about:
    "Dense layers for every point, the maximum over them, and the mean and log-variance of the cloud's code.",
  source: "Qi et al. 2017; luost26/diffusion-point-cloud models/encoders/pointnet.py PointNetEncoder",
  options,
  create({ zdim, inputDim, widths, headWidths }): PointEncoder {
    const root = scope();
    const points = widths.map((out, i) => pointLayer(root, i + 1, widths[i - 1] ?? inputDim, out));
    const last = widths.at(-1)!;
    const heads = ["mean", "logVariance"].map((name) =>
      headOf(root.child(name), [last, ...headWidths, zdim]),
    );
    const declared = [...root.declared];
    return {
      name: "pointnet",
      specs: declared.map(({ name, shape, trainable }) => ({ name, shape, trainable })),
      channels: inputDim,
      codeWidth: zdim,
      init: (random) => initialParams(declared, random),
      apply(params, x, mode) {
        expectShape("unet/pointnet", "x", x.shape, [-1, -1, inputDim]);
        const run = { params, mode };
        const h = points.reduce((h, layer, i) => {
          const made = layer(run, h);
          return i < points.length - 1 ? tf.relu(made) : made;
        }, x);
        const cloud = tf.max(h, 1) as tf.Tensor2D;
        const [mean, logVariance] = heads.map((head) => head(run, cloud)) as [tf.Tensor2D, tf.Tensor2D];
        return { mean, logVariance };
      },
    };
  },
});

/** A dense layer for every point, and a norm over all points of the batch. */
function pointLayer(root: Scope, number: number, channelsIn: number, out: number): Layer<tf.Tensor3D> {
  const layer = onTokens(dense(root.child(`conv${number}`), { in: channelsIn, out }));
  const norm = batchNorm(root.child(`norm${number}`), out);
  return (run, x) => asSignal(norm(run, asImage(layer(run, x))));
}

/** Dense layers, each but the last with a norm and a ReLU. */
function headOf(at: Scope, widths: readonly number[]): Layer<tf.Tensor2D> {
  const layers = widths.slice(1).map((out, i) => {
    const layer = dense(at.child(`dense${i + 1}`), { in: widths[i]!, out });
    const norm = i < widths.length - 2 ? batchNorm(at.child(`norm${i + 1}`), out) : undefined;
    return { layer, norm, out };
  });
  return (run, x) =>
    layers.reduce((h, { layer, norm, out }) => {
      const y = layer(run, h);
      if (!norm) return y;
      const normed = norm(run, tf.reshape(y, [-1, 1, 1, out]) as tf.Tensor4D);
      return tf.relu(tf.reshape(normed, [-1, out]));
    }, x);
}
