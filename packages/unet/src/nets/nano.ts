import type { Denoiser, Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { silu } from "../layers/activations/silu.ts";
import { overPixels } from "../layers/attention/pixels.ts";
import { columnSineTable, rowSineTable } from "../layers/embeddings/row-sine-table.ts";
import { tableEmbedding } from "../layers/embeddings/table-embedding.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { convTranspose2d } from "../layers/linear/conv-transpose2d.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { imageLayerNorm } from "../layers/norms/image-layer-norm.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type Layer, type Scope, scope } from "../scope.ts";

/** Options of {@link nano}; meanings, ranges and defaults are in its schema. */
export interface NanoOptions extends OutputOptions {
  channels?: number;
  size?: number;
  width?: number;
  nSteps?: number;
  timeEmbDim?: number;
  table?: "faithful" | "transformer";
}

const options = {
  channels: positiveInteger.default(1).describe("channels of the images"),
  size: positiveInteger.multipleOf(8).default(32).describe("height and width that the network is tied to"),
  width: positiveInteger
    .multipleOf(2)
    .default(10)
    .describe("channels of the finest level; each level doubles them"),
  nSteps: positiveInteger.default(1000).describe("rows of the embedding table: training steps"),
  timeEmbDim: positiveInteger.default(100).describe("columns of the embedding table"),
  table: z
    .enum(["faithful", "transformer"])
    .default("faithful")
    .describe("as published, sines along the wrong axis; or the table that was meant"),
  ...outputOptions,
};

/** The small MNIST network of the dataflowr course; 437,532 trained numbers by default. */
export const nano: Plugin<NanoOptions, Denoiser> = plugin({
  name: "nano",
  about: "A tiny U-Net with layer norms over whole images, for digits of 32 × 32 pixels.",
  source: "dataflowr/notebooks Module18/ddpm_nano_sol.ipynb, MyTinyUNet",
  options,
  create(given): Denoiser {
    const { channels, size, width, nSteps: steps, timeEmbDim: waves, table } = given;
    const root = scope();
    const values = (table === "faithful" ? rowSineTable : columnSineTable)(steps, waves);
    const columns = tableEmbedding(root.child("time"), { steps, width: waves, values });

    /** Norm → conv 3×3 → SiLU between each two of `widths`, the noise added before. */
    const block = (at: Scope, level: number, widths: readonly number[], embeddedWidth = widths[0]!) => {
      const side = size / 2 ** level;
      const time = timeMlp(at.child("time"), { embed: columns, in: waves, hidden: embeddedWidth });
      const parts = widths.slice(1).map((out, i) => {
        const channelsIn = widths[i]!;
        const norm = imageLayerNorm(at.child(`norm${i}`), [side, side, channelsIn]);
        const conv = conv2d(at.child(`conv${i}`), { in: channelsIn, out });
        return ((run, x) => silu(conv(run, norm(run, x)))) as Layer<tf.Tensor4D>;
      });
      return (run: Parameters<Layer<tf.Tensor4D>>[0], x: tf.Tensor4D, noise: tf.Tensor1D): tf.Tensor4D => {
        const conditioned: tf.Tensor4D = tf.add(x, overPixels(time(run, noise)));
        return parts.reduce((h, part) => part(run, h), conditioned);
      };
    };
    const halve = (at: Scope, count: number): Layer<tf.Tensor4D> =>
      conv2d(at, { in: count, out: count, kernel: 4, stride: 2, padding: 1 });

    const [a, b, c] = [width, 2 * width, 4 * width];
    const down = [
      // As published, the first embedding is one number for all channels of the image.
      { block: block(root.child("down0"), 0, [channels, a, a, a], 1), halve: halve(root.child("halve0"), a) },
      { block: block(root.child("down1"), 1, [a, b, b, b]), halve: halve(root.child("halve1"), b) },
      { block: block(root.child("down2"), 2, [b, c, c, c]), halve: halve(root.child("halve2"), c) },
    ];
    const middle = block(root.child("mid"), 3, [c, b, b, c]);
    const double = (name: string, count: number): Layer<tf.Tensor4D> =>
      convTranspose2d(root.child(name), { in: count, out: count, kernel: 4 });
    const up = [
      { double: double("double2", c), block: block(root.child("up2"), 2, [2 * c, c, b, b]) },
      { double: double("double1", b), block: block(root.child("up1"), 1, [2 * b, b, a, a]) },
      { double: double("double0", a), block: block(root.child("up0"), 0, [2 * a, a, a, a]) },
    ];
    const outputs = headChannels("unet/nano", given);
    const head = conv2d(root.child("out"), { in: a, out: outputs });

    return denoiserFrom(root, {
      name: "nano",
      channels,
      outputs,
      multiple: 8,
      size: [size, size],
      forward(run, x, noise) {
        let h = x;
        const skips: tf.Tensor4D[] = [];
        for (const { block, halve } of down) {
          const kept = block(run, h, noise);
          skips.push(kept);
          h = halve(run, kept);
        }
        h = middle(run, h, noise);
        for (const { double, block } of up) {
          h = block(run, tf.concat([skips.pop()!, double(run, h)], 3), noise);
        }
        return head(run, h);
      },
    });
  },
});
