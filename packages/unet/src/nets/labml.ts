import { type Denoiser, fail, type Plugin } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { silu } from "../layers/activations/silu.ts";
import { jointAttention } from "../layers/attention/joint-attention.ts";
import { type EmbeddedBlock, residualBlock } from "../layers/blocks/residual-block.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { convTranspose2d } from "../layers/linear/conv-transpose2d.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { groupNorm } from "../layers/norms/group-norm.ts";
import { uShape } from "../layers/skeletons/u-shape.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type Layer, type Scope, scope } from "../scope.ts";

/** Options of {@link labml}; meanings, ranges and defaults are in its schema. */
export interface LabmlOptions extends InputOptions, OutputOptions {
  channels?: number;
  nChannels?: number;
  chMults?: number[];
  isAttn?: boolean[];
  nBlocks?: number;
  cumulative?: boolean;
  attentionNorm?: boolean;
  dropout?: number;
  groups?: number;
  headGroups?: number;
}

const options = {
  channels: positiveInteger.default(3).describe("channels of the images; image_channels in the reference"),
  nChannels: positiveInteger.default(64).describe("channels after the first convolution"),
  chMults: z.array(positiveInteger).min(1).default([1, 2, 2, 4]).describe("growth of each level"),
  isAttn: z
    .array(z.boolean())
    .default([false, false, true, true])
    .describe("whether a level has attention, one for each; the middle always has it"),
  nBlocks: positiveInteger
    .default(2)
    .describe("residual blocks per level on the way down; one more on the way up"),
  cumulative: z
    .boolean()
    .default(true)
    .describe("as published: each level multiplies the one before; false: multiplies nChannels"),
  attentionNorm: z
    .boolean()
    .default(false)
    .describe(
      "apply the norm before attention; as published it is not applied, and its numbers are never trained",
    ),
  dropout: z.number().min(0).lt(1).default(0.1).describe("dropout rate in each block"),
  groups: positiveInteger.default(32).describe("groups of the norms in the blocks"),
  headGroups: positiveInteger.default(8).describe("groups of the last norm"),
  ...inputOptions,
  ...outputOptions,
};

/** Channels of each level of {@link labml}, the finest first. */
export function labmlWidths({
  nChannels,
  chMults,
  cumulative,
}: {
  readonly nChannels: number;
  readonly chMults: readonly number[];
  readonly cumulative: boolean;
}): number[] {
  const widths: number[] = [];
  for (const multiplier of chMults) {
    widths.push(multiplier * (cumulative ? (widths.at(-1) ?? nChannels) : nChannels));
  }
  return widths;
}

/** The U-Net of documents 000 and 002, under the names of its reference. */
export const labml: Plugin<LabmlOptions, Denoiser> = plugin({
  name: "labml",
  about: "The labml.ai UNet, its arguments in camel case: cumulative widths, attention without its norm.",
  source: "labmlai/annotated_deep_learning_paper_implementations labml_nn/diffusion/ddpm/unet.py",
  options,
  create(given): Denoiser {
    const { channels, nChannels: width, chMults, isAttn, nBlocks: blocks } = given;
    const root = scope();
    const levels = chMults.length;
    checkAttention(isAttn, chMults);
    const widths = labmlWidths(given);
    const embedding = 4 * width;

    const block = (at: Scope, channelsIn: number, out: number): EmbeddedBlock =>
      residualBlock(at, {
        in: channelsIn,
        out,
        embedding,
        groups: () => given.groups,
        dropout: given.dropout,
      });
    const attention = (at: Scope, count: number): Layer<tf.Tensor4D> => {
      const trainable = given.attentionNorm;
      const norm = groupNorm(at.child("norm"), { channels: count, groups: given.groups, trainable });
      return jointAttention(at, {
        channels: count,
        heads: 1,
        layout: "heads",
        norm: given.attentionNorm ? norm : undefined,
      });
    };
    const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: width });
    const time = timeMlp(root.child("time"), { embed: sinusoidal({ width }), in: width, hidden: embedding });
    const { apply } = uShape(root, {
      stem: width,
      widths,
      blocks,
      narrowsLast: true,
      stage(at, { level, index }, channelsIn, out) {
        const residual = block(at.child(`res${index}`), channelsIn, out);
        if (!isAttn[level]) return residual;
        const attend = attention(at.child(`attn${index}`), out);
        return (run, x, embedded) => attend(run, residual(run, x, embedded));
      },
      halve: (at, _level, count) =>
        conv2d(at.child("down"), { in: count, out: count, stride: 2, padding: 1 }),
      double: (at, _level, count) => convTranspose2d(at.child("up"), { in: count, out: count, kernel: 4 }),
      middle(at, count) {
        const [before, after] = [
          block(at.child("res0"), count, count),
          block(at.child("res1"), count, count),
        ];
        const attend = attention(at.child("attn"), count);
        return (run, x, embedded) => after(run, attend(run, before(run, x, embedded)), embedded);
      },
    });
    const last = { channels: width, groups: given.headGroups, activation: "silu" } as const;
    const norm = groupNorm(root.child("out").child("norm"), last);
    const outputs = headChannels("unet/labml", given);
    const head = conv2d(root.child("out").child("conv"), { in: width, out: outputs });

    return denoiserFrom(root, {
      name: "labml",
      channels,
      multiple: 2 ** (levels - 1),
      ...inputsOf(given),
      outputs,
      forward(run, x, noise) {
        return head(run, norm(run, apply(run, stem(run, x), silu(time(run, noise)))));
      },
    });
  },
});

/** @throws DdpmError for attention of another number of levels */
function checkAttention(isAttn: readonly boolean[], chMults: readonly number[]): void {
  const levels = chMults.length;
  if (isAttn.length === levels) return;
  fail(
    "unet/labml",
    `isAttn has ${isAttn.length} values, expected one for each of the ${levels} chMults.`,
    `Set isAttn, e.g. to [${chMults.map((_, level) => level === levels - 1).join(", ")}].`,
  );
}
