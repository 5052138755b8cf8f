import { type Denoiser, fail, type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { attentionBlock } from "../layers/attention-block.ts";
import { averageHalf } from "../layers/average-half.ts";
import { conv2d } from "../layers/conv2d.ts";
import { groupNorm } from "../layers/group-norm.ts";
import { labelEmbedding } from "../layers/label-embedding.ts";
import { type EmbeddedBlock, residualBlock } from "../layers/residual-block.ts";
import { silu } from "../layers/silu.ts";
import { sinusoidal } from "../layers/sinusoidal.ts";
import { timeMlp } from "../layers/time-mlp.ts";
import { uShape } from "../layers/u-shape.ts";
import { upsampleNearest } from "../layers/upsample-nearest.ts";
import { type Layer, type Scope, scope } from "../scope.ts";

const positive = z.number().int().positive();
const levels = z.array(z.number().int().nonnegative());
const resample = z.enum(["conv", "block"]).default("conv");

/** Options of {@link unet2d}; meanings, ranges and defaults are in its schema. */
export interface Unet2dOptions extends InputOptions {
  channels?: number;
  learnsVariance?: boolean;
  widths?: number[];
  blocks?: number;
  attentionDown?: number[];
  attentionUp?: number[];
  attentionMiddle?: boolean;
  middleNorm?: number | null;
  middleScale?: number;
  headWidth?: number;
  dropout?: number;
  groups?: number;
  eps?: number;
  scaleShift?: boolean;
  padding?: "same" | "symmetric";
  halving?: "conv" | "block";
  doubling?: "conv" | "block";
  cosFirst?: boolean;
  frequencyShift?: number;
  embedding?: number;
  centre?: boolean;
  classes?: number;
  classNone?: boolean;
}

const options = {
  channels: positive.default(3).describe("channels of the images"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  widths: z.array(positive).min(1).default([224, 448, 672, 896]).describe("channels of each level"),
  blocks: positive.default(2).describe("residual blocks per level on the way down; one more on the way up"),
  attentionDown: levels.default([1, 2, 3]).describe("levels with attention on the way down"),
  attentionUp: levels.default([1, 2, 3]).describe("levels with attention on the way up"),
  attentionMiddle: z.boolean().default(true).describe("attention between the two blocks of the middle"),
  middleNorm: positive
    .nullable()
    .optional()
    .describe("groups of the middle attention's norm; null leaves it out"),
  middleScale: z
    .number()
    .positive()
    .default(1)
    .describe("divides every sum of branch and input in the middle"),
  headWidth: positive.optional().describe("channels per attention head; one head when left out"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each block"),
  groups: positive.default(32).describe("groups of the norms"),
  eps: z.number().positive().default(1e-5).describe("added to the variance in the norms"),
  scaleShift: z.boolean().default(false).describe("the embedding scales and shifts the norms"),
  padding: z.enum(["same", "symmetric"]).default("symmetric").describe("of the strided convolution"),
  halving: resample.describe("of levels with attention: a strided convolution, or inside a residual block"),
  doubling: resample.describe("of levels with attention: repeating and a convolution, or a residual block"),
  cosFirst: z.boolean().default(true).describe("order of the sinusoidal embedding"),
  frequencyShift: z.number().default(0).describe("denominator of its frequencies: half the width less this"),
  embedding: positive.optional().describe("width of the embedding; 4 times the first level's when left out"),
  centre: z.boolean().default(false).describe("images come in [0, 1] and are brought to [−1, 1] first"),
  classes: positive.optional().describe("classes of the labels; left out, the network takes none"),
  classNone: z
    .boolean()
    .default(true)
    .describe("a learned row for no class; as published false, which adds nothing"),
  ...inputOptions,
};

/** Hugging Face diffusers' unconditional U-Net, for any published configuration of its usual blocks. */
export const unet2d: Plugin<Unet2dOptions, Denoiser> = plugin({
  name: "unet2d",
  about: "diffusers' UNet2DModel: down, up and middle blocks with or without attention.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_2d.py",
  options,
  create(given): Denoiser {
    const { channels, widths, groups, eps, classes } = given;
    const root = scope();
    const first = widths[0]!;
    const embedding = given.embedding ?? 4 * first;

    const block = (at: Scope, channelsIn: number, out: number, more: object = {}): EmbeddedBlock =>
      residualBlock(at, {
        in: channelsIn,
        out,
        embedding,
        groups: () => groups,
        eps,
        dropout: given.dropout,
        scaleShift: given.scaleShift,
        ...more,
      });
    const attention = (
      at: Scope,
      count: number,
      normGroups?: number,
      more: object = {},
    ): Layer<tf.Tensor4D> => {
      const headWidth = given.headWidth ?? count;
      if (count % headWidth !== 0) {
        fail("unet/unet2d", `${count} channels do not split into heads of ${headWidth}.`);
      }
      return attentionBlock(at, {
        channels: count,
        groups: normGroups,
        eps,
        heads: count / headWidth,
        ...more,
      });
    };

    const { cosFirst, frequencyShift: shift } = given;
    const embed = sinusoidal({ width: first, cosFirst, shift });
    const time = timeMlp(root.child("time"), { embed, in: first, hidden: embedding });
    const label =
      classes === undefined
        ? undefined
        : labelEmbedding(root.child("labels"), { classes, width: embedding, none: given.classNone });
    const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: first });
    const { out: wide, apply } = uShape(root, {
      stem: first,
      widths,
      blocks: given.blocks,
      stage(at, { way, level, index }, channelsIn, out) {
        const residual = block(at.child(`res${index}`), channelsIn, out);
        const attended = way === "down" ? given.attentionDown : given.attentionUp;
        if (!attended.includes(level)) return residual;
        const attend = attention(at.child(`attn${index}`), out, groups);
        return (run, x, told) => attend(run, residual(run, x, told));
      },
      halve(at, level, count) {
        if (given.halving === "block" && given.attentionDown.includes(level)) {
          return block(at.child("down"), count, count, { resample: averageHalf });
        }
        const padding = given.padding === "same" ? "same" : 1;
        return conv2d(at.child("down"), { in: count, out: count, stride: 2, padding });
      },
      double(at, level, count) {
        if (given.doubling === "block" && given.attentionUp.includes(level)) {
          return block(at.child("up"), count, count, { resample: upsampleNearest });
        }
        const conv = conv2d(at.child("up"), { in: count, out: count });
        return (run, x) => conv(run, upsampleNearest(x));
      },
      middle(at, count) {
        const more = given.middleScale === 1 ? {} : { outputScale: given.middleScale };
        const before = block(at.child("res0"), count, count, more);
        const normGroups = given.middleNorm === undefined ? groups : (given.middleNorm ?? undefined);
        const attend = given.attentionMiddle
          ? attention(at.child("attn"), count, normGroups, more)
          : undefined;
        const after = block(at.child("res1"), count, count, more);
        return (run, x, told) => {
          const h = before(run, x, told);
          return after(run, attend ? attend(run, h) : h, told);
        };
      },
    });
    const norm = groupNorm(root.child("out").child("norm"), {
      channels: wide,
      groups,
      eps,
      activation: "silu",
    });
    const outputs = given.learnsVariance ? 2 * channels : channels;
    const head = conv2d(root.child("out").child("conv"), { in: wide, out: outputs });

    return denoiserFrom(root, {
      name: "unet2d",
      channels,
      multiple: 2 ** (widths.length - 1),
      classes,
      ...inputsOf(given),
      learnsVariance: given.learnsVariance,
      forward(run, x, noise, { labels }) {
        let embedded = time(run, noise);
        if (label && labels) embedded = tf.add(embedded, label(run, labels));
        const seen: tf.Tensor4D = given.centre ? tf.sub(tf.mul(2, x), 1) : x;
        return head(run, norm(run, apply(run, stem(run, seen), silu(embedded))));
      },
    });
  },
});
