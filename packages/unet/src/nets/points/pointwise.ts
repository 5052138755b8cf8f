import { type Denoiser, fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../../denoiser-from.ts";
import { dense } from "../../layers/linear/dense.ts";
import { headChannels, type OutputOptions, outputOptions } from "../../output.ts";
import { plugin } from "../../plugin.ts";
import { positiveInteger } from "../../positive-integer.ts";
import { type Run, type Scope, scope } from "../../scope.ts";

/** Options of {@link pointwise}; meanings, ranges and defaults are in its schema. */
export interface PointwiseOptions extends OutputOptions {
  channels?: number;
  contextDim?: number;
  residual?: boolean;
  widths?: number[];
}

const options = {
  channels: positiveInteger.default(3).describe("coordinates of a point"),
  contextDim: z
    .int()
    .min(0)
    .default(0)
    .describe("numbers of the cloud's code, given as condition.vector; 0: none"),
  residual: z.boolean().default(true).describe("adds the points to the output"),
  widths: z
    .array(positiveInteger)
    .min(1)
    .default([128, 256, 512, 256, 128])
    .describe("numbers in each hidden layer"),
  ...outputOptions,
};

/** Slope of the leaky ReLU below 0, PyTorch's default. */
const SLOPE = 0.01;

/**
 * The same dense layers for every point of a cloud [B, N, D], conditioned on the noise level and the cloud's code. Its noise
 * input is β of the step: `time: "beta"` of a parameterization.
 */
export const pointwise: Plugin<PointwiseOptions, Denoiser> = plugin({
  name: "pointwise",
  about:
    "Dense layers for every point of a cloud, gated by the noise level (β of the step) and the cloud's code.",
  source: "Luo & Hu 2021, section 4.1; luost26/diffusion-point-cloud models/diffusion.py PointwiseNet",
  options,
  create(given): Denoiser {
    const { channels, contextDim, residual, widths } = given;
    const outputs = headChannels("unet/pointwise", given);
    if (residual && outputs !== channels) {
      fail(
        "unet/pointwise",
        `${outputs} outputs and a residual of ${channels} channels.`,
        "Leave outputs out, or set residual to false.",
      );
    }
    const root = scope();
    const all = [channels, ...widths, outputs];
    const layers = all.slice(1).map((out, i) => {
      const at = i === widths.length ? root.child("out") : root.child(`layer${i}`);
      return squashLayer(at, { in: all[i]!, out, context: contextDim + 3 });
    });
    return denoiserFrom<tf.Tensor3D>(root, {
      ...{ name: "pointwise", axes: 1, channels, outputs },
      ...(contextDim > 0 ? { vector: contextDim } : {}),
      forward(run, x, noise, { vector }) {
        const beta: tf.Tensor2D = tf.reshape(noise, [-1, 1]);
        const code = contextDim > 0 ? [vector ?? tf.zeros([x.shape[0], contextDim])] : [];
        const context = tf.concat([beta, tf.sin(beta), tf.cos(beta), ...code] as tf.Tensor2D[], 1);
        const y = layers.reduce((h, layer, i) => {
          const made = layer(run, h, context);
          return i < layers.length - 1 ? tf.leakyRelu(made, SLOPE) : made;
        }, x);
        return residual ? tf.add(x, y) : y;
      },
    });
  },
});

/** y = dense(x) σ(gate(context)) + offset(context), the context shared by the points of a cloud. */
function squashLayer(
  at: Scope,
  { in: channelsIn, out, context }: { readonly in: number; readonly out: number; readonly context: number },
): (run: Run, x: tf.Tensor3D, context: tf.Tensor2D) => tf.Tensor3D {
  const own = dense(at.child("dense"), { in: channelsIn, out });
  const offset = dense(at.child("offset"), { in: context, out, bias: false });
  const gate = dense(at.child("gate"), { in: context, out });
  return (run, x, given) => {
    const [batch, points] = x.shape;
    const shared = (y: tf.Tensor2D): tf.Tensor3D => tf.reshape(y, [batch, 1, out]);
    const h = tf.reshape(own(run, tf.reshape(x, [batch * points, channelsIn])), [batch, points, out]);
    return tf.add(tf.mul(h, shared(tf.sigmoid(gate(run, given)))), shared(offset(run, given)));
  };
}
