import { type Denoiser, fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { gelu } from "../layers/activations/gelu.ts";
import { jointAttention } from "../layers/attention/joint-attention.ts";
import { attendLinearly } from "../layers/attention/linear-attention.ts";
import { convNextBlock, type TimeBlock } from "../layers/blocks/convnext-block.ts";
import { postNormBlock } from "../layers/blocks/post-norm-block.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { convTranspose2d } from "../layers/linear/conv-transpose2d.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { channelLayerNorm } from "../layers/norms/channel-layer-norm.ts";
import { groupNorm } from "../layers/norms/group-norm.ts";
import { headChannels } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type Layer, type Scope, scope } from "../scope.ts";

/** Options of {@link annotated}; meanings, ranges and defaults are in its schema. */
export interface AnnotatedOptions extends InputOptions {
  dim?: number;
  initDim?: number | null;
  outDim?: number | null;
  dimMults?: number[];
  channels?: number;
  withTimeEmb?: boolean;
  resnetBlockGroups?: number;
  useConvnext?: boolean;
  convnextMult?: number;
  norm?: "group" | "layer";
  unusedSkip?: boolean;
  learnsVariance?: boolean;
}

const options = {
  dim: positiveInteger.default(28).describe("width that dimMults multiplies"),
  initDim: positiveInteger
    .nullish()
    .describe("channels after the first convolution; ⌊dim / 3⌋ · 2 when left out"),
  outDim: positiveInteger
    .nullish()
    .describe("channels of the output; when left out channels, or twice with learnsVariance"),
  dimMults: z.array(positiveInteger).min(1).default([1, 2, 4, 8]).describe("channels of each level, in dims"),
  channels: positiveInteger.default(3).describe("channels of the images"),
  withTimeEmb: z.boolean().default(true).describe("whether the blocks receive the noise level"),
  resnetBlockGroups: positiveInteger.default(8).describe("groups of the norms in ResNet blocks"),
  useConvnext: z.boolean().default(true).describe("ConvNeXt blocks; false: ResNet blocks"),
  convnextMult: positiveInteger.default(2).describe("hidden channels per output channel in ConvNeXt blocks"),
  norm: z
    .enum(["group", "layer"])
    .default("group")
    .describe(
      "of attention and ConvNeXt blocks: one group over the image, or channels of each pixel (2022 text)",
    ),
  unusedSkip: z
    .boolean()
    .default(true)
    .describe("as published: the finest skip is dropped and the last block does not receive the noise level"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  ...inputOptions,
};

/** The U-Net of "The Annotated Diffusion Model", first version, under the names of its notebook. */
export const annotated: Plugin<AnnotatedOptions, Denoiser> = plugin({
  name: "annotated",
  about:
    "The annotated-diffusion Unet, its arguments in camel case: ConvNeXt or ResNet blocks, linear attention.",
  source: "huggingface/notebooks examples/annotated_diffusion.ipynb; document 003",
  options,
  create(given): Denoiser {
    const { channels, dim, dimMults, unusedSkip } = given;
    const root = scope();
    const first = given.initDim ?? Math.floor(dim / 3) * 2;
    const widths = dimMults.map((multiplier) => dim * multiplier);
    const levels = widths.length;
    if (unusedSkip && widths[0] !== dim && levels > 1) {
      fail("unet/annotated", "as published, the first of dimMults must be 1.", "Set unusedSkip to false.");
    }
    const embedding = 4 * dim;

    const norm = (at: Scope, count: number): Layer<tf.Tensor4D> =>
      given.norm === "layer"
        ? channelLayerNorm(at, { channels: count })
        : groupNorm(at, { channels: count, groups: 1 });
    const block = (at: Scope, channelsIn: number, out: number, embeds = true): TimeBlock => {
      const shared = { in: channelsIn, out, embedding: embeds && given.withTimeEmb ? embedding : undefined };
      if (!given.useConvnext) return postNormBlock(at, { ...shared, groups: given.resnetBlockGroups });
      return convNextBlock(at, { ...shared, expansion: given.convnextMult, norm });
    };
    const attention = (at: Scope, count: number, linear: boolean): Layer<tf.Tensor4D> =>
      jointAttention(at, {
        channels: count,
        heads: 4,
        headWidth: 32,
        layout: "kinds",
        bias: false,
        norm: norm(at.child("norm"), count),
        ...(linear ? { mix: attendLinearly, outNorm: norm(at.child("outNorm"), count) } : {}),
      });
    const stage = (at: Scope, channelsIn: number, out: number) => ({
      first: block(at.child("block0"), channelsIn, out),
      second: block(at.child("block1"), out, out),
      attention: attention(at.child("attn"), out, true),
    });

    const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: first, kernel: 7 });
    const embed = sinusoidal({ width: dim });
    const time = given.withTimeEmb
      ? timeMlp(root.child("time"), { embed, in: dim, hidden: embedding, activation: gelu })
      : undefined;
    const down = widths.map((width, level) => {
      const at = root.child("down").child(level);
      const made = stage(at, widths[level - 1] ?? first, width);
      if (level === levels - 1) return made;
      const halve = conv2d(at.child("down"), { in: width, out: width, kernel: 4, stride: 2, padding: 1 });
      return { ...made, halve };
    });
    const deepest = widths[levels - 1]!;
    const mid0 = block(root.child("mid").child("block0"), deepest, deepest);
    const midAttention = attention(root.child("mid").child("attn"), deepest, false);
    const mid1 = block(root.child("mid").child("block1"), deepest, deepest);
    const finest = unusedSkip ? 1 : 0;
    const up = Array.from({ length: levels - finest }, (_, index) => {
      const level = levels - 1 - index;
      const at = root.child("up").child(level);
      const out = level === 0 ? dim : widths[level - 1]!;
      const made = stage(at, 2 * widths[level]!, out);
      if (level === 0) return made;
      return { ...made, double: convTranspose2d(at.child("up"), { in: out, out, kernel: 4 }) };
    });
    const before = levels > finest ? dim : deepest;
    const last = block(root.child("out").child("block"), before, dim, !unusedSkip);
    const outputs = headChannels("unet/annotated", given);
    const head = conv2d(root.child("out").child("conv"), { in: dim, out: outputs, kernel: 1 });

    return denoiserFrom(root, {
      name: "annotated",
      channels,
      multiple: 2 ** (levels - 1),
      learnsVariance: given.learnsVariance,
      outputs,
      ...inputsOf(given),
      forward(run, x, noise) {
        const embedded = time?.(run, noise);
        let h = stem(run, x);
        const skips: tf.Tensor4D[] = [];
        for (const { first, second, attention, ...rest } of down) {
          h = attention(run, second(run, first(run, h, embedded), embedded));
          skips.push(h);
          if ("halve" in rest) h = rest.halve(run, h);
        }
        h = mid1(run, midAttention(run, mid0(run, h, embedded)), embedded);
        for (const { first, second, attention, ...rest } of up) {
          h = tf.concat([h, skips.pop()!], 3);
          h = attention(run, second(run, first(run, h, embedded), embedded));
          if ("double" in rest) h = rest.double(run, h);
        }
        return head(run, last(run, h, unusedSkip ? undefined : embedded));
      },
    });
  },
});
