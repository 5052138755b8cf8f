import { type Denoiser, fail, type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { zeroInit } from "../initialisers.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { silu } from "../layers/activations/silu.ts";
import { jointAttention } from "../layers/attention/joint-attention.ts";
import { type EmbeddedBlock, residualBlock } from "../layers/blocks/residual-block.ts";
import { labelEmbedding } from "../layers/embeddings/label-embedding.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { groupNorm } from "../layers/norms/group-norm.ts";
import { averageHalf } from "../layers/resampling/average-half.ts";
import { upsampleNearest } from "../layers/resampling/upsample-nearest.ts";
import { missingLevel, uShape } from "../layers/skeletons/u-shape.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { type Layer, type Scope, scope } from "../scope.ts";

const positive = z.number().int().positive();

/** Options of {@link guided}; meanings, ranges and defaults are in its schema. */
export interface GuidedOptions extends InputOptions, OutputOptions {
  channels?: number;
  learnsVariance?: boolean;
  width?: number;
  multipliers?: number[];
  blocks?: number;
  attention?: number[];
  heads?: number;
  headsUp?: number;
  headWidth?: number;
  qkvLayout?: "heads" | "kinds";
  dropout?: number;
  groups?: number;
  scaleShift?: boolean;
  resample?: "conv" | "pool" | "block";
  classes?: number;
  classNone?: boolean;
}

const options = {
  channels: positive.default(3).describe("channels of the images"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  width: positive.default(128).describe("width that the multipliers multiply"),
  multipliers: z.array(z.number().positive()).min(1).default([1, 2, 2, 2]).describe("channels of each level"),
  blocks: positive.default(3).describe("residual blocks per level on the way down; one more on the way up"),
  attention: z.array(z.number().int().nonnegative()).default([1, 2]).describe("levels with attention"),
  heads: positive.default(4).describe("attention heads, where headWidth is left out"),
  headsUp: positive.optional().describe("heads on the way up; like heads when left out"),
  headWidth: positive.optional().describe("channels per head: the number of heads follows"),
  qkvLayout: z
    .enum(["heads", "kinds"])
    .default("heads")
    .describe("kinds: guided-diffusion's new attention order"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each block"),
  groups: positive.default(32).describe("groups of the norms"),
  scaleShift: z
    .boolean()
    .default(true)
    .describe("time and class scale and shift the norms instead of being added"),
  resample: z
    .enum(["conv", "pool", "block"])
    .default("conv")
    .describe("halving and doubling by convolutions, by pooling and repeating, or inside residual blocks"),
  classes: positive.optional().describe("classes of the labels; left out, the network takes none"),
  classNone: z
    .boolean()
    .default(true)
    .describe("a learned row for no class; as published false, which adds nothing"),
  ...inputOptions,
  ...outputOptions,
};

/** The networks of improved- and guided-diffusion; improved's CIFAR-10 network by default. */
export const guided: Plugin<GuidedOptions, Denoiser> = plugin({
  name: "guided",
  about: "OpenAI's U-Net (ADM): adaptive norms, several heads, resampling in blocks, learned variances.",
  source: "Nichol & Dhariwal 2021; Dhariwal & Nichol 2021; openai/guided-diffusion unet.py",
  options,
  create(given): Denoiser {
    const { channels, width, multipliers, groups, scaleShift, resample, classes } = given;
    const root = scope();
    const widths = multipliers.map((multiplier) => Math.floor(multiplier * width));
    const wrong = missingLevel(given.attention, widths.length);
    if (wrong !== undefined) {
      fail("unet/guided", `attention at level ${wrong}, but the levels are 0 to ${widths.length - 1}.`);
    }
    const embedding = 4 * width;

    const block = (at: Scope, channelsIn: number, out: number, sized?: "down" | "up"): EmbeddedBlock =>
      residualBlock(at, {
        in: channelsIn,
        out,
        embedding,
        groups: () => groups,
        dropout: given.dropout,
        lastInit: zeroInit,
        scaleShift,
        ...(sized ? { resample: sized === "down" ? averageHalf : upsampleNearest } : {}),
      });
    const attention = (at: Scope, count: number, heads: number): Layer<tf.Tensor4D> => {
      if (given.headWidth && count % given.headWidth !== 0) {
        fail("unet/guided", `${count} channels do not split into heads of ${given.headWidth}.`);
      }
      return jointAttention(at, {
        channels: count,
        heads: given.headWidth ? count / given.headWidth : heads,
        layout: given.qkvLayout,
        norm: groupNorm(at.child("norm"), { channels: count, groups }),
        lastInit: zeroInit,
      });
    };

    const embed = sinusoidal({ width, form: "openai" });
    const time = timeMlp(root.child("time"), { embed, in: width, hidden: embedding });
    const label =
      classes === undefined
        ? undefined
        : labelEmbedding(root.child("labels"), { classes, width: embedding, none: given.classNone });
    const first = widths[0]!;
    const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: first });
    const { out: wide, apply } = uShape(root, {
      stem: first,
      widths,
      blocks: given.blocks,
      stage(at, { way, level, index }, channelsIn, out) {
        const residual = block(at.child(`res${index}`), channelsIn, out);
        if (!given.attention.includes(level)) return residual;
        const heads = way === "up" ? (given.headsUp ?? given.heads) : given.heads;
        const attend = attention(at.child(`attn${index}`), out, heads);
        return (run, x, embedded) => attend(run, residual(run, x, embedded));
      },
      halve(at, _level, count) {
        if (resample === "block") return block(at.child("down"), count, count, "down");
        if (resample === "pool") return (_run, x) => averageHalf(x);
        return conv2d(at.child("down"), { in: count, out: count, stride: 2, padding: 1 });
      },
      double(at, _level, count) {
        if (resample === "block") return block(at.child("up"), count, count, "up");
        if (resample === "pool") return (_run, x) => upsampleNearest(x);
        const conv = conv2d(at.child("up"), { in: count, out: count });
        return (run, x) => conv(run, upsampleNearest(x));
      },
      middle(at, count) {
        const [before, after] = [
          block(at.child("res0"), count, count),
          block(at.child("res1"), count, count),
        ];
        const attend = attention(at.child("attn"), count, given.heads);
        return (run, x, embedded) => after(run, attend(run, before(run, x, embedded)), embedded);
      },
    });
    const norm = groupNorm(root.child("out").child("norm"), { channels: wide, groups, activation: "silu" });
    const outputs = headChannels("unet/guided", given);
    const head = conv2d(root.child("out").child("conv"), { in: wide, out: outputs, init: zeroInit });

    return denoiserFrom(root, {
      name: "guided",
      channels,
      multiple: 2 ** (widths.length - 1),
      classes,
      learnsVariance: given.learnsVariance,
      outputs,
      ...inputsOf(given),
      forward(run, x, noise, { labels }) {
        let embedded = time(run, noise);
        if (label && labels) embedded = tf.add(embedded, label(run, labels));
        return head(run, norm(run, apply(run, stem(run, x), silu(embedded))));
      },
    });
  },
});
