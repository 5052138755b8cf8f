import { disposeParams, expectShape, type Plugin } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { readSafetensors } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { quantise } from "../../images/quantise.ts";
import { plugin } from "../../plugin.ts";
import { type ExtractorRecipe, needed } from "../extractor.ts";
import { type InceptionOutput, inception } from "./network.ts";
import { inceptionParams } from "./params.ts";
import { type Resizing, resizeForInception } from "./resize.ts";

/** Options of {@link inceptionV3Extractor}. */
export interface InceptionV3ExtractorOptions {
  /** Path of the weights, converted to safetensors. */
  readonly weights: string;
  /** Width of the features, or `logits` for the Inception Score; 2048. */
  readonly output?: InceptionOutput | 64 | 192 | 768 | 2048 | undefined;
  /** Whose resizing to 299 × 299; `pytorch-fid`. */
  readonly resize?: Resizing | undefined;
}

/** Features of FID: Inception-v3 with the weights of 2015-12-05. Grey pictures count as three equal channels. */
export const inceptionV3Extractor: Plugin<InceptionV3ExtractorOptions, ExtractorRecipe> = plugin({
  name: "inception-v3",
  about: "The network of FID, 2015-12-05 weights; its numbers are comparable with published ones.",
  source: "Heusel et al. 2017; pytorch-fid InceptionV3; clean-fid make_resizer",
  options: {
    weights: z.string().min(1).describe("path of the weights as safetensors (scripts/convert-inception.py)"),
    output: z
      .preprocess(String, z.enum(["64", "192", "768", "2048", "logits"]))
      .default("2048")
      .describe("width of the features: 64, 192, 768 or 2048; or logits: the classes before the softmax"),
    resize: z
      .enum(["pytorch-fid", "clean-fid"])
      .default("pytorch-fid")
      .describe("whose resizing to 299 × 299"),
  },
  create: ({ weights, output, resize: resizing }) => ({
    name: "inception-v3",
    reads: [weights],
    async prepare(sources) {
      const read = needed("inception-v3", sources, "read", "Pass read: (path) => bytes, e.g. readFile.");
      const bytes = await read(weights);
      const params = inceptionParams(readSafetensors(bytes, { file: weights }).tensors);
      const width = output === "logits" ? params["fc.bias"]!.shape[0]! : Number(output);
      return {
        name: "inception-v3",
        fingerprint: fingerprint("inception-v3", output, resizing, bytes),
        dimension: width,
        facts: {},
        async extract({ data, shape }) {
          const [batch, height, side, channels] = shape;
          expectShape("metrics/inception-v3", "the batch", shape, [-1, -1, -1, channels === 1 ? 1 : 3]);
          const result = tf.tidy(() => {
            const x = tf.tensor4d(quantise(data), [batch, height, side, channels]);
            const colour = channels === 1 ? tf.tile(x, [1, 1, 1, 3]) : x;
            return inception(params, resizeForInception(colour, resizing), output);
          });
          const features = await result.data<"float32">();
          result.dispose();
          return output === "logits" ? { features, logits: features } : { features };
        },
        dispose: () => disposeParams(params),
      };
    },
  }),
});
