import { fail } from "@ddpm/core";
import type { DitOptions } from "@ddpm/unet";
import { ditShape } from "@ddpm/unet/authoring";
import { z } from "zod";
import { type Family, family } from "../family.ts";
import { channelCounts } from "../network/channel-counts.ts";
import { withoutClasses } from "../network/resolved.ts";
import { renaming } from "../weights/names.ts";

const positive = z.number().int().positive();

const options = {
  input_size: positive.default(32).describe("side of the images"),
  patch_size: positive.default(2).describe("side of a patch"),
  in_channels: positive.default(4).describe("channels of the images or latents"),
  hidden_size: positive.default(1152).describe("numbers of a token"),
  depth: positive.default(28).describe("blocks"),
  num_heads: positive.default(16).describe("attention heads"),
  mlp_ratio: z.number().positive().default(4).describe("hidden numbers of the MLPs, in widths"),
  class_dropout_prob: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe("of training; above 0 the table has a row for no class"),
  num_classes: positive.default(1000).describe("classes of the labels"),
  learn_sigma: z.boolean().default(true).describe("twice the channels out, the second half for the variance"),
};

/** Networks and state dicts of facebookresearch/DiT. */
export const dit: Family = family({
  name: "dit",
  about: "DiT of facebookresearch.",
  source: "facebookresearch/DiT models.py",
  options,
  networks: { dit: { arguments: argumentsOf, resolve } },
  create: (given) => ({
    spec: {
      name: "dit",
      channels: given.in_channels,
      learnsVariance: given.learn_sigma,
      pixels: given.input_size,
      patch: given.patch_size,
      depth: given.depth,
      width: given.hidden_size,
      heads: given.num_heads,
      expansion: given.mlp_ratio,
      classes: given.num_classes,
      classNone: given.class_dropout_prob > 0,
    },
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

function argumentsOf(given: Required<DitOptions>): Readonly<Record<string, unknown>> {
  const { depth, width, heads } = ditShape(given);
  const [side, across = side] = [given.pixels].flat();
  if (side !== across) {
    fail("exchange/dit", `images of ${side} × ${across} pixels, expected square ones.`);
  }
  if (!given.classes) fail("exchange/dit", "the network has no classes, and every DiT has some.");
  return {
    input_size: side,
    patch_size: given.patch,
    in_channels: given.channels,
    hidden_size: width,
    depth,
    num_heads: heads,
    mlp_ratio: given.expansion,
    class_dropout_prob: given.classNone ? 0.1 : 0,
    num_classes: given.classes,
    learn_sigma: channelCounts(given).made === 2 * given.channels,
  };
}

function resolve(given: Required<DitOptions>): object {
  const { pixels } = given;
  return {
    ...ditShape(given),
    size: undefined,
    pixels: typeof pixels === "number" ? [pixels, pixels] : pixels,
    ...withoutClasses(given),
  };
}
