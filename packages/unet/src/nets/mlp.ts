import type { Denoiser, Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { zeroInit } from "../initialisers.ts";
import { silu } from "../layers/activations/silu.ts";
import { labelEmbedding } from "../layers/embeddings/label-embedding.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { dense } from "../layers/linear/dense.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { scope } from "../scope.ts";

/** Options of {@link mlp}; meanings, ranges and defaults are in its schema. */
export interface MlpOptions extends OutputOptions {
  channels?: number;
  width?: number;
  layers?: number;
  waves?: number;
  scale?: number;
  classes?: number;
}

const options = {
  channels: positiveInteger
    .default(2)
    .describe("coordinates of a point; points are images of [B, 1, 1, channels]"),
  width: positiveInteger.default(128).describe("numbers in each hidden layer"),
  layers: positiveInteger
    .default(3)
    .describe("hidden layers, each receives the noise level and is added to the one before"),
  waves: positiveInteger.default(32).describe("pairs of sine and cosine for the noise"),
  scale: z.number().positive().default(1).describe("factor on the noise before the waves"),
  classes: positiveInteger.optional().describe("classes of the labels; left out, the network takes none"),
  ...outputOptions,
};

/** A network for points in the plane: the smallest thing that learns a distribution. */
export const mlp: Plugin<MlpOptions, Denoiser> = plugin({
  name: "mlp",
  about: "Residual dense layers for points instead of pictures: images of 1 × 1 pixels.",
  source: "the usual toy network of diffusion tutorials; waves as in Ho et al. 2020",
  options,
  create(given): Denoiser {
    const { channels, width, layers, waves, scale, classes } = given;
    const root = scope();
    const embed = sinusoidal({ width: 2 * waves, form: "openai", scale });
    const time = dense(root.child("time"), { in: 2 * waves, out: width });
    const label =
      classes === undefined ? undefined : labelEmbedding(root.child("labels"), { classes, width });
    const stem = dense(root.child("stem"), { in: channels, out: width });
    const hidden = Array.from({ length: layers }, (_, index) => {
      const at = root.child(`layer${index}`);
      return {
        embedding: dense(at.child("embedding"), { in: width, out: width }),
        first: dense(at.child("dense0"), { in: width, out: width }),
        second: dense(at.child("dense1"), { in: width, out: width }),
      };
    });
    const outputs = headChannels("unet/mlp", given);
    const head = dense(root.child("out"), { in: width, out: outputs, init: zeroInit });
    return denoiserFrom(root, {
      name: "mlp",
      channels,
      outputs,
      size: [1, 1],
      classes,
      forward(run, x, noise, { labels }) {
        let embedded = time(run, embed(noise));
        if (label && labels) embedded = tf.add(embedded, label(run, labels));
        const embedding = silu(embedded);
        let h = stem(run, tf.reshape(x, [-1, channels]));
        for (const layer of hidden) {
          const mixed: tf.Tensor2D = tf.add(layer.first(run, silu(h)), layer.embedding(run, embedding));
          h = tf.add(h, layer.second(run, silu(mixed)));
        }
        return tf.reshape(head(run, silu(h)), [-1, 1, 1, outputs]);
      },
    });
  },
});
