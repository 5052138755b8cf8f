import { type Denoiser, fail, type Plugin, plugin } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type KernelInit, normal, torchInit, zeroInit, zeros } from "../initialisers.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { edmBlock, edmGroups } from "../layers/blocks/edm-block.ts";
import type { EmbeddedBlock } from "../layers/blocks/residual-block.ts";
import { edmEmbedding } from "../layers/embeddings/edm-embedding.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { groupNorm } from "../layers/norms/group-norm.ts";
import { averageHalf } from "../layers/resampling/average-half.ts";
import { upsampleNearest } from "../layers/resampling/upsample-nearest.ts";
import { missingLevel, uShape } from "../layers/skeletons/u-shape.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { type Scope, scope } from "../scope.ts";

const positive = z.number().int().positive();
/** Channels of an attention head; a level with fewer has no attention. */
const HEAD = 64;

/** Options of {@link dhariwal}; meanings, ranges and defaults are in its schema. */
export interface DhariwalOptions extends InputOptions, OutputOptions {
  channels?: number;
  learnsVariance?: boolean;
  width?: number;
  multipliers?: number[];
  blocks?: number;
  attention?: number[];
  dropout?: number;
  embeddingFactor?: number;
  classes?: number;
  augment?: number;
}

const options = {
  channels: positive.default(3).describe("channels of the images"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  width: positive.multipleOf(2).default(192).describe("width that the multipliers multiply"),
  multipliers: z.array(positive).min(1).default([1, 2, 3, 4]).describe("channels of each level, in widths"),
  blocks: positive.default(3).describe("residual blocks per level on the way down; one more on the way up"),
  attention: z
    .array(z.number().int().nonnegative())
    .default([1, 2, 3])
    .describe("levels with attention after each block; its heads have 64 channels or more"),
  dropout: z.number().min(0).lt(1).default(0.1).describe("dropout rate in each block"),
  embeddingFactor: positive.default(4).describe("width of the embedding, in widths"),
  classes: positive.optional().describe("classes of the labels; left out, the network takes none"),
  augment: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("numbers of condition.vector that say how an image was augmented; 0: none"),
  ...inputOptions,
  ...outputOptions,
};

/** Unit normal rows, whatever their number: EDM scales by the root of the number of classes what it divides by it. */
const labelInit: KernelInit = { kernel: () => normal(), bias: () => zeros };

/** Dhariwal's ADM as EDM has it; by default for 64 pixels, 295.9 million parameters with 1000 classes. */
export const dhariwal: Plugin<DhariwalOptions, Denoiser> = plugin({
  name: "dhariwal",
  about:
    "ADM as trained by EDM: adaptive norms, heads of 64 channels, resampling in blocks, augmentation labels.",
  source: "Dhariwal & Nichol 2021; Karras et al. 2022; NVlabs/edm training/networks.py, DhariwalUNet",
  options,
  create(given): Denoiser {
    const { channels, width, classes } = given;
    const augment = given.augment === 0 ? undefined : given.augment;
    const root = scope();
    const widths = given.multipliers.map((multiplier) => multiplier * width);
    const wrong = missingLevel(given.attention, widths.length);
    if (wrong !== undefined) {
      fail("unet/dhariwal", `attention at level ${wrong}, but the levels are 0 to ${widths.length - 1}.`);
    }
    const embedding = given.embeddingFactor * width;
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
    const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: first });
    const { out: wide, apply } = uShape(root, {
      stem: first,
      widths,
      blocks: given.blocks,
      stage: (at, { level, index }, channelsIn, out) =>
        block(at, index, channelsIn, out, { heads: given.attention.includes(level) ? heads(out) : 0 }),
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
    const outputs = headChannels("unet/dhariwal", given);
    const head = conv2d(out.child("conv"), { in: wide, out: outputs, init: zeroInit });

    return denoiserFrom(root, {
      name: "dhariwal",
      channels,
      multiple: 2 ** (widths.length - 1),
      classes,
      vector: augment,
      learnsVariance: given.learnsVariance,
      outputs,
      ...inputsOf(given),
      forward: (run, x, noise, condition) =>
        head(run, norm(run, apply(run, stem(run, x), embed(run, noise, condition)))),
    });
  },
});
