import { type Denoiser, fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { zeroInit } from "../initialisers.ts";
import { inputChannels, inputOptions, inputsOf } from "../input.ts";
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
import { uShape } from "../layers/skeletons/u-shape.ts";
import { outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type ChannelOptions, channelOptions, channelsIn } from "../reference-channels.ts";
import { type Layer, type Scope, scope } from "../scope.ts";

const orMinusOne = z.union([positiveInteger, z.literal(-1)]).default(-1);

/** Options of {@link guided}; meanings, ranges and defaults are in its schema. */
export interface GuidedOptions extends ChannelOptions {
  modelChannels?: number;
  numResBlocks?: number;
  attentionResolutions?: number[];
  dropout?: number;
  channelMult?: number[];
  convResample?: boolean;
  numClasses?: number | null;
  numHeads?: number;
  numHeadChannels?: number;
  numHeadsUpsample?: number;
  useScaleShiftNorm?: boolean;
  resblockUpdown?: boolean;
  useNewAttentionOrder?: boolean;
  groups?: number;
  classNone?: boolean;
}

const options = {
  ...channelOptions,
  modelChannels: positiveInteger.default(128).describe("width that channelMult multiplies"),
  numResBlocks: positiveInteger
    .default(3)
    .describe("residual blocks per level on the way down; one more on the way up"),
  attentionResolutions: z
    .array(positiveInteger)
    .default([2, 4])
    .describe("levels with attention, by how often they are smaller: 1, 2, 4 …; the middle always has it"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each block"),
  channelMult: z
    .array(z.number().positive())
    .min(1)
    .default([1, 2, 4, 8])
    .describe("channels of each level, in modelChannels"),
  convResample: z
    .boolean()
    .default(true)
    .describe("halving and doubling by convolutions; false: by pooling and repeating"),
  numClasses: positiveInteger.nullish().describe("classes of the labels; left out, the network takes none"),
  numHeads: positiveInteger.default(1).describe("attention heads, where numHeadChannels is -1"),
  numHeadChannels: orMinusOne.describe(
    "channels per head, from which the number of heads follows; -1: numHeads",
  ),
  numHeadsUpsample: orMinusOne.describe("heads on the way up; -1: like numHeads"),
  useScaleShiftNorm: z
    .boolean()
    .default(false)
    .describe("time and class scale and shift the norms instead of being added"),
  resblockUpdown: z
    .boolean()
    .default(false)
    .describe("halving and doubling inside residual blocks, whatever convResample is"),
  useNewAttentionOrder: z
    .boolean()
    .default(false)
    .describe("queries, keys and values of all heads one after the other, instead of head by head"),
  groups: positiveInteger.default(32).describe("groups of the norms; 32 in the reference"),
  classNone: z
    .boolean()
    .default(true)
    .describe("a learned row for no class; as published false, which adds nothing"),
  ...inputOptions,
  ...outputOptions,
};

/** Levels with attention of {@link guided}, the finest 0; resolutions that no level has are left out. */
export function guidedAttention({
  channelMult,
  attentionResolutions,
}: Required<Pick<GuidedOptions, "channelMult" | "attentionResolutions">>): number[] {
  return channelMult!.flatMap((_, level) => (attentionResolutions!.includes(2 ** level) ? [level] : []));
}

/** The networks of improved- and guided-diffusion. */
export const guided: Plugin<GuidedOptions, Denoiser> = plugin({
  name: "guided",
  about: "OpenAI's U-Net (ADM): its UNetModel's arguments in camel case.",
  source: "Nichol & Dhariwal 2021; Dhariwal & Nichol 2021; openai/guided-diffusion unet.py",
  options,
  create(given): Denoiser {
    const { modelChannels: width, channelMult, groups, resblockUpdown, convResample } = given;
    const classes = given.numClasses ?? undefined;
    const counted = channelsIn("unet/guided", given);
    const inputs = { ...given, ...counted };
    const root = scope();
    const widths = channelMult.map((multiplier) => Math.floor(multiplier * width));
    checkResolutions(given.attentionResolutions, widths.length);
    const attended = guidedAttention(given);
    const embedding = 4 * width;

    const block = (at: Scope, channelsIn: number, out: number, sized?: "down" | "up"): EmbeddedBlock =>
      residualBlock(at, {
        in: channelsIn,
        out,
        embedding,
        groups: () => groups,
        dropout: given.dropout,
        lastInit: zeroInit,
        scaleShift: given.useScaleShiftNorm,
        ...(sized ? { resample: sized === "down" ? averageHalf : upsampleNearest } : {}),
      });
    const attention = (at: Scope, count: number, heads: number): Layer<tf.Tensor4D> => {
      const headWidth = given.numHeadChannels;
      if (headWidth > 0 && count % headWidth !== 0) {
        fail("unet/guided", `${count} channels do not split into heads of ${headWidth}.`);
      }
      return jointAttention(at, {
        channels: count,
        heads: headWidth > 0 ? count / headWidth : heads,
        layout: given.useNewAttentionOrder ? "kinds" : "heads",
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
    const stem = conv2d(root.child("stem"), { in: inputChannels(inputs), out: first });
    const { out: wide, apply } = uShape(root, {
      stem: first,
      widths,
      blocks: given.numResBlocks,
      stage(at, { way, level, index }, channelsIn, out) {
        const residual = block(at.child(`res${index}`), channelsIn, out);
        if (!attended.includes(level)) return residual;
        const heads = way === "up" && given.numHeadsUpsample > 0 ? given.numHeadsUpsample : given.numHeads;
        const attend = attention(at.child(`attn${index}`), out, heads);
        return (run, x, embedded) => attend(run, residual(run, x, embedded));
      },
      halve(at, _level, count) {
        if (resblockUpdown) return block(at.child("down"), count, count, "down");
        if (!convResample) return (_run, x) => averageHalf(x);
        return conv2d(at.child("down"), { in: count, out: count, stride: 2, padding: 1 });
      },
      double(at, _level, count) {
        if (resblockUpdown) return block(at.child("up"), count, count, "up");
        if (!convResample) return (_run, x) => upsampleNearest(x);
        const conv = conv2d(at.child("up"), { in: count, out: count });
        return (run, x) => conv(run, upsampleNearest(x));
      },
      middle(at, count) {
        const [before, after] = [
          block(at.child("res0"), count, count),
          block(at.child("res1"), count, count),
        ];
        const attend = attention(at.child("attn"), count, given.numHeads);
        return (run, x, embedded) => after(run, attend(run, before(run, x, embedded)), embedded);
      },
    });
    const norm = groupNorm(root.child("out").child("norm"), { channels: wide, groups, activation: "silu" });
    const head = conv2d(root.child("out").child("conv"), { in: wide, out: counted.outputs, init: zeroInit });

    return denoiserFrom(root, {
      name: "guided",
      ...counted,
      multiple: 2 ** (widths.length - 1),
      classes,
      ...inputsOf(inputs),
      forward(run, x, noise, { labels }) {
        let embedded = time(run, noise);
        if (label && labels) embedded = tf.add(embedded, label(run, labels));
        return head(run, norm(run, apply(run, stem(run, x), silu(embedded))));
      },
    });
  },
});

/** @throws DdpmError for a resolution that is none of the levels', as when it is given in pixels */
function checkResolutions(resolutions: readonly number[], levels: number): void {
  const known = Array.from({ length: levels }, (_, level) => 2 ** level);
  const wrong = resolutions.find((resolution) => !known.includes(resolution));
  if (wrong === undefined) return;
  fail(
    "unet/guided",
    `attentionResolutions has ${wrong}, expected some of ${known.join(", ")}.`,
    "They say how many times smaller a level is than the image.",
  );
}
