import type { Denoiser, Plugin } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type KernelInit, normal, torchInit, zeroInit, zeros } from "../initialisers.ts";
import { inputChannels, inputOptions, inputsOf } from "../input.ts";
import { edmBlock, edmGroups } from "../layers/blocks/edm-block.ts";
import type { EmbeddedBlock } from "../layers/blocks/residual-block.ts";
import { edmEmbedding } from "../layers/embeddings/edm-embedding.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { groupNorm } from "../layers/norms/group-norm.ts";
import { averageHalf } from "../layers/resampling/average-half.ts";
import { upsampleNearest } from "../layers/resampling/upsample-nearest.ts";
import { uShape } from "../layers/skeletons/u-shape.ts";
import { outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type ChannelOptions, channelOptions, channelsIn } from "../reference-channels.ts";
import { type Scope, scope } from "../scope.ts";
import { edmAttention } from "./edm-attention.ts";

const count = z.number().int().nonnegative().default(0);
/** Channels of an attention head; a level with fewer has no attention. */
const HEAD = 64;

/** Options of {@link dhariwal}; meanings, ranges and defaults are in its schema. */
export interface DhariwalOptions extends ChannelOptions {
  imgResolution?: number;
  labelDim?: number;
  augmentDim?: number;
  modelChannels?: number;
  channelMult?: number[];
  channelMultEmb?: number;
  numBlocks?: number;
  attnResolutions?: number[];
  dropout?: number;
}

const options = {
  imgResolution: positiveInteger
    .default(64)
    .describe(
      "pixels of a side, by which attnResolutions names levels; images of other sizes are taken, too",
    ),
  ...channelOptions,
  labelDim: count.describe("classes of the labels; 0: the network takes none"),
  augmentDim: count.describe("numbers of condition.vector that say how an image was augmented; 0: none"),
  modelChannels: positiveInteger.multipleOf(2).default(192).describe("width that the multipliers multiply"),
  channelMult: z
    .array(positiveInteger)
    .min(1)
    .default([1, 2, 3, 4])
    .describe("channels of each level, in modelChannels"),
  channelMultEmb: positiveInteger.default(4).describe("width of the embedding, in modelChannels"),
  numBlocks: positiveInteger
    .default(3)
    .describe("residual blocks per level on the way down; one more on the way up"),
  attnResolutions: z
    .array(positiveInteger)
    .default([32, 16, 8])
    .describe(
      "sides of levels with attention after each block, its heads of 64 channels or more; sides that no level has are ignored",
    ),
  dropout: z.number().min(0).lt(1).default(0.1).describe("dropout rate in each block"),
  ...inputOptions,
  ...outputOptions,
};

/** Unit normal rows, whatever their number: EDM scales by the root of the number of classes what it divides by it. */
const labelInit: KernelInit = { kernel: () => normal(), bias: () => zeros };

/** Dhariwal's ADM as EDM has it, under the names of its DhariwalUNet; by default for 64 pixels. */
export const dhariwal: Plugin<DhariwalOptions, Denoiser> = plugin({
  name: "dhariwal",
  about: "ADM as trained by EDM: its DhariwalUNet's arguments in camel case.",
  source: "Dhariwal & Nichol 2021; Karras et al. 2022; NVlabs/edm training/networks.py, DhariwalUNet",
  options,
  create(given): Denoiser {
    const { modelChannels: width, channelMult } = given;
    const classes = given.labelDim || undefined;
    const augment = given.augmentDim || undefined;
    const counted = channelsIn("unet/dhariwal", given);
    const inputs = { ...given, ...counted };
    const root = scope();
    const widths = channelMult.map((multiplier) => multiplier * width);
    const attended = edmAttention(given);
    const embedding = given.channelMultEmb * width;
    const block = (
      at: Scope,
      index: number | "down" | "up",
      channelsIn: number,
      out: number,
      more: { heads?: number; resample?: (x: tf.Tensor4D) => tf.Tensor4D } = {},
    ): EmbeddedBlock =>
      edmBlock(at, index, {
        in: channelsIn,
        out,
        embedding,
        dropout: given.dropout,
        eps: 1e-5,
        outputScale: 1,
        scaleShift: true,
        init: torchInit,
        lastInit: zeroInit,
        attentionInit: torchInit,
        ...more,
      });
    const heads = (count: number): number => Math.floor(count / HEAD);
    const embed = edmEmbedding(root, {
      embed: sinusoidal({ width, form: "openai" }),
      in: width,
      embedding,
      classes,
      augment,
      labelsJoin: "embedding",
      init: torchInit,
      labelInit,
      augmentInit: zeroInit,
    });
    const first = widths[0]!;
    const stem = conv2d(root.child("stem"), { in: inputChannels(inputs), out: first });
    const { out: wide, apply } = uShape(root, {
      stem: first,
      widths,
      blocks: given.numBlocks,
      stage: (at, { level, index }, channelsIn, out) =>
        block(at, index, channelsIn, out, { heads: attended.includes(level) ? heads(out) : 0 }),
      halve: (at, _level, count) => block(at, "down", count, count, { resample: averageHalf }),
      double: (at, _level, count) => block(at, "up", count, count, { resample: upsampleNearest }),
      middle(at, count) {
        const before = block(at, 0, count, count, { heads: heads(count) });
        const after = block(at, 1, count, count);
        return (run, x, embedded) => after(run, before(run, x, embedded), embedded);
      },
    });
    const out = root.child("out");
    const norm = groupNorm(out.child("norm"), {
      channels: wide,
      groups: edmGroups(wide),
      activation: "silu",
    });
    const head = conv2d(out.child("conv"), { in: wide, out: counted.outputs, init: zeroInit });

    return denoiserFrom(root, {
      name: "dhariwal",
      ...counted,
      multiple: 2 ** (widths.length - 1),
      classes,
      vector: augment,
      ...inputsOf(inputs),
      forward: (run, x, noise, condition) =>
        head(run, norm(run, apply(run, stem(run, x), embed(run, noise, condition)))),
    });
  },
});
