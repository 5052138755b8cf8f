import type { Denoiser, Plugin } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { gelu } from "../layers/activations/gelu.ts";
import { silu } from "../layers/activations/silu.ts";
import { jointAttention } from "../layers/attention/joint-attention.ts";
import { attendLinearly } from "../layers/attention/linear-attention.ts";
import { modulatedBlock } from "../layers/blocks/modulated-block.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { standardisedConv2d } from "../layers/linear/standardised-conv2d.ts";
import { groupNorm } from "../layers/norms/group-norm.ts";
import { twinSkips } from "../layers/skeletons/twin-skips.ts";
import { headChannels } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type Layer, type Scope, scope } from "../scope.ts";

/** Options of {@link annotatedLater}; meanings, ranges and defaults are in its schema. */
export interface AnnotatedLaterOptions extends InputOptions {
  dim?: number;
  outDim?: number | null;
  dimMults?: number[];
  channels?: number;
  resnetBlockGroups?: number;
  stemKernel?: 1 | 7;
  multipliesKernels?: boolean;
  learnsVariance?: boolean;
}

const options = {
  dim: positiveInteger
    .default(28)
    .describe("channels of the first convolution, and width that dimMults multiplies"),
  outDim: positiveInteger
    .nullish()
    .describe("channels of the output; when left out channels, or twice with learnsVariance"),
  dimMults: z.array(positiveInteger).min(1).default([1, 2, 4, 8]).describe("channels of each level, in dims"),
  channels: positiveInteger.default(3).describe("channels of the images"),
  ...inputOptions,
  resnetBlockGroups: positiveInteger.default(4).describe("groups of the norms in the blocks"),
  stemKernel: z
    .union([z.literal(1), z.literal(7)])
    .default(1)
    .describe("side of the first convolution; 7 in the library that the text comes from"),
  multipliesKernels: z
    .boolean()
    .default(true)
    .describe("as published: kernels are multiplied by their deviation where standardising divides"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
};

/** The U-Net of "The Annotated Diffusion Model", later text, under its names. */
export const annotatedLater: Plugin<AnnotatedLaterOptions, Denoiser> = plugin({
  name: "annotated-later",
  about:
    "The annotated-diffusion Unet of the later text, its arguments in camel case: standardised kernels, all skips.",
  source: "huggingface/blog annotated-diffusion.md, from October 2023",
  options,
  create(given): Denoiser {
    const { channels, dim, dimMults, multipliesKernels: multiplies } = given;
    const root = scope();
    const embedding = 4 * dim;
    const whole = (at: Scope, count: number): Layer<tf.Tensor4D> =>
      groupNorm(at, { channels: count, groups: 1 });

    const time = timeMlp(root.child("time"), {
      embed: sinusoidal({ width: dim }),
      in: dim,
      hidden: embedding,
      activation: gelu,
    });
    const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: dim, kernel: given.stemKernel });
    const apply = twinSkips(root, {
      stem: dim,
      widths: dimMults.map((multiplier) => dim * multiplier),
      block: (at, channelsIn, out) =>
        modulatedBlock(at, {
          in: channelsIn,
          out,
          embedding,
          conv: (at, channelsIn, out) => standardisedConv2d(at, { in: channelsIn, out, multiplies }),
          norm: (at, count) =>
            groupNorm(at, { channels: count, groups: given.resnetBlockGroups, activation: "silu" }),
          shortcut: (at, channelsIn, out) => conv2d(at, { in: channelsIn, out, kernel: 1 }),
        }),
      attention: (at, count, level) =>
        jointAttention(at, {
          channels: count,
          heads: 4,
          headWidth: 32,
          layout: "kinds",
          bias: false,
          norm: whole(at.child("norm"), count),
          ...(level === undefined ? {} : { mix: attendLinearly, outNorm: whole(at.child("outNorm"), count) }),
        }),
    });
    const outputs = headChannels("unet/annotated-later", given);
    const head = conv2d(root.child("out").child("conv"), { in: dim, out: outputs, kernel: 1 });

    return denoiserFrom(root, {
      name: "annotated-later",
      channels,
      multiple: 2 ** (dimMults.length - 1),
      learnsVariance: given.learnsVariance,
      outputs,
      ...inputsOf(given),
      forward(run, x, noise) {
        return head(run, apply(run, stem(run, x), silu(time(run, noise))));
      },
    });
  },
});
