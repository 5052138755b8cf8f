import { expectShape, type Plugin, random } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { quantise } from "../images/quantise.ts";
import { plugin } from "../plugin.ts";
import { type ExtractorRecipe, needed } from "./extractor.ts";

/** Options of {@link randomExtractor}. */
export interface RandomExtractorOptions {
  /** Numbers per image; 64. */
  readonly width?: number | undefined;
  /** Which random network; 0. */
  readonly seed?: number | undefined;
}

/** Layers that halve the picture. */
const LAYERS = 3;

/** Mean and deviation over the picture of a random convolutional network's last layer: structure without any training. */
export const randomExtractor: Plugin<RandomExtractorOptions, ExtractorRecipe> = plugin({
  name: "random",
  about: "A convolutional network with random weights: sees texture and outline, needs no training.",
  source: "Naeem et al. 2020, section 4.2 (random embeddings)",
  options: {
    width: z.number().int().min(2).multipleOf(2).max(4096).default(64).describe("numbers per image"),
    seed: z.number().int().min(0).default(0).describe("which random network"),
  },
  create: ({ width, seed }) => ({
    name: "random",
    async prepare(sources) {
      const hint = "Pass it: its channels are the input.";
      const [, , channels] = needed("random", sources, "dataset", hint).shape;
      const stream = random(seed).fork("metrics/random");
      const sizes = [channels, 32, 64, width / 2];
      const kernels = Array.from({ length: LAYERS }, (_, layer) => {
        const [from, to] = [sizes[layer]!, sizes[layer + 1]!];
        const values = stream.normals(9 * from * to).map((value) => value * Math.sqrt(2 / (9 * from)));
        return tf.tensor4d(values, [3, 3, from, to]);
      });
      return {
        name: "random",
        fingerprint: fingerprint("random", JSON.stringify({ width, seed, channels })),
        dimension: width,
        facts: {},
        async extract({ data, shape }) {
          expectShape("metrics/random", "the batch", shape, [-1, -1, -1, channels]);
          const result = tf.tidy(() => {
            let x = tf.tensor4d(quantise(data), [...shape]);
            for (const [layer, kernel] of kernels.entries()) {
              x = tf.conv2d(x, kernel, layer === 0 ? 1 : 2, "same");
              if (layer < LAYERS - 1) x = tf.relu(x);
            }
            const { mean, variance } = tf.moments(x, [1, 2]);
            return tf.concat([mean, tf.sqrt(tf.add(variance, 1e-12))], 1);
          });
          const features = await result.data<"float32">();
          result.dispose();
          return { features };
        },
        dispose: () => tf.dispose(kernels),
      };
    },
  }),
});
