import { fail } from "@ddpm/core";
import { dit as network } from "@ddpm/unet";
import { type DitOptions, ditChannels, ditShape, positiveInteger } from "@ddpm/unet/authoring";
import * as z from "zod";
import { type Family, family } from "../family.ts";
import { argumentsIn, camelCased, referenceOptions } from "../network/reference-options.ts";
import { resolvedClasses } from "../network/resolved.ts";
import { renaming } from "../weights/names.ts";

type Dit = Required<DitOptions>;

const shared = referenceOptions(network, { ours: ["channels", "context", "selfCondition", "size"] });

const options = {
  ...shared,
  input_size: positiveInteger.default(32).describe("side of the images or latents"),
  in_channels: positiveInteger.default(4).describe("channels of the images or latents"),
  class_dropout_prob: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe("of training; above 0 the table has a row for no class"),
  num_classes: positiveInteger.default(1000).describe("classes of the labels"),
  learn_sigma: z.boolean().default(true).describe("twice the channels out, the second half for the variance"),
};

/** Networks and state dicts of facebookresearch/DiT. */
export const dit: Family = family({
  name: "dit",
  about: "DiT of facebookresearch.",
  source: "facebookresearch/DiT models.py",
  options,
  networks: { dit: { arguments: argumentsOf, resolve } },
  create: ({ class_dropout_prob, ...given }) => ({
    spec: { ...camelCased(given), name: "dit", classNone: class_dropout_prob > 0 },
    names: renaming([
      [/^stem\./, "x_embedder.proj."],
      [/^time\.dense0\./, "t_embedder.mlp.0."],
      [/^time\.dense1\./, "t_embedder.mlp.2."],
      [/^labels\.table$/, "y_embedder.embedding_table.weight"],
      [/^positions\.table$/, "pos_embed"],
      [/\.modulation\./, ".adaLN_modulation.1."],
      [/^out\.dense\./, "final_layer.linear."],
      [/^out\./, "final_layer."],
      [/\.qkv\./, ".attn.qkv."],
      [/\.out\./, ".attn.proj."],
      [/\.dense0\./, ".mlp.fc1."],
      [/\.dense1\./, ".mlp.fc2."],
    ]),
  }),
});

function argumentsOf(given: Dit): Readonly<Record<string, unknown>> {
  const [side, across = side] = [given.inputSize].flat();
  if (side !== across) {
    fail("exchange/dit", `images of ${side} × ${across} pixels, expected square ones.`);
  }
  if (given.context) fail("exchange/dit", "DiT takes no context, and this network attends to one.");
  if (!given.numClasses) fail("exchange/dit", "the network has no classes, and every DiT has some.");
  const { channels, outputs } = ditChannels(given);
  return {
    ...argumentsIn(shared, { ...given, ...ditShape(given) }),
    input_size: side,
    in_channels: channels,
    class_dropout_prob: given.classNone ? 0.1 : 0,
    learn_sigma: outputs === 2 * channels,
  };
}

function resolve(given: Dit): object {
  const { inputSize } = given;
  return {
    ...ditShape(given),
    ...ditChannels(given),
    size: undefined,
    learnSigma: undefined,
    inChannels: undefined,
    inputSize: typeof inputSize === "number" ? [inputSize, inputSize] : inputSize,
    ...resolvedClasses(given.numClasses),
  };
}
