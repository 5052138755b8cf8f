import { type Condition, type Denoiser, fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { hoInit, type KernelInit } from "../initialisers.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { silu } from "../layers/activations/silu.ts";
import { type AttentionBlockOptions, attentionBlock } from "../layers/attention/attention-block.ts";
import { type Context, contextOf } from "../layers/attention/context.ts";
import { contextAttention } from "../layers/attention/context-attention.ts";
import { type EmbeddedBlock, residualBlock } from "../layers/blocks/residual-block.ts";
import { labelEmbedding } from "../layers/embeddings/label-embedding.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { vectorMlp } from "../layers/embeddings/vector-mlp.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { groupCount, groupNorm } from "../layers/norms/group-norm.ts";
import { upsampleNearest } from "../layers/resampling/upsample-nearest.ts";
import { missingLevel, uShape } from "../layers/skeletons/u-shape.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type Run, type Scope, scope } from "../scope.ts";

/** Options of {@link ho}; meanings, ranges and defaults are in its schema. */
export interface HoOptions extends InputOptions, OutputOptions {
  channels?: number;
  width?: number;
  multipliers?: number[];
  blocks?: number;
  attention?: number[];
  heads?: number;
  dropout?: number;
  groups?: number;
  groupSize?: number;
  eps?: number;
  padding?: "same" | "symmetric";
  classes?: number;
  context?: number;
  vector?: number;
}

const options = {
  channels: positiveInteger.default(3).describe("channels of the images"),
  width: positiveInteger.default(128).describe("channels of the first level"),
  multipliers: z
    .array(positiveInteger)
    .min(1)
    .default([1, 2, 2, 2])
    .describe("channels of each level, in widths"),
  blocks: positiveInteger
    .default(2)
    .describe("residual blocks per level on the way down; one more on the way up"),
  attention: z
    .array(z.number().int().nonnegative())
    .default([1])
    .describe("levels with attention after each block, 0 the finest; the middle always has it"),
  heads: positiveInteger.default(1).describe("attention heads"),
  dropout: z.number().min(0).lt(1).default(0.1).describe("dropout rate in each block"),
  groups: positiveInteger
    .default(32)
    .describe("most groups of a norm; the largest divisor of the channels up to it"),
  groupSize: positiveInteger
    .default(4)
    .describe("fewest channels of a group: groups of one channel would erase the embedding"),
  eps: z.number().positive().default(1e-6).describe("added to the variance in the norms"),
  padding: z
    .enum(["same", "symmetric"])
    .default("same")
    .describe("of the strided convolution: TensorFlow's right and bottom, or PyTorch ports' all sides"),
  classes: positiveInteger.optional().describe("classes of the labels; left out, the network takes none"),
  context: positiveInteger
    .optional()
    .describe("width of a context's tokens, which pixels with attention attend to; left out, there is none"),
  vector: positiveInteger
    .optional()
    .describe("numbers of a vector that is added to the noise embedding; left out, there is none"),
  ...inputOptions,
  ...outputOptions,
};

type AttendingLayer = (run: Run, x: tf.Tensor4D, context?: Context) => tf.Tensor4D;

/** The U-Net of the paper; CIFAR-10 defaults, 35,746,307 parameters. */
export const ho: Plugin<HoOptions, Denoiser> = plugin({
  name: "ho",
  about: "The U-Net of the DDPM paper: residual blocks, group norm, attention at chosen levels.",
  source: "Ho et al. 2020, appendix B; hojonathanho/diffusion models/unet.py",
  options,
  create(given): Denoiser {
    const { channels, width, multipliers, blocks, eps, classes, context: tokens } = given;
    const root = scope();
    const embedding = 4 * width;
    const levels = multipliers.length;
    const wrong = missingLevel(given.attention, levels);
    if (wrong !== undefined) {
      fail("unet/ho", `attention at level ${wrong}, but the levels are 0 to ${levels - 1}.`);
    }
    const init = hoInit();
    const lastInit = hoInit(0);
    const groups = (count: number): number => groupCount(count, given.groups, given.groupSize);

    const inBlocks = { embedding, groups, eps, dropout: given.dropout, init, lastInit };
    const block = (at: Scope, channelsIn: number, out: number): EmbeddedBlock =>
      residualBlock(at, { ...inBlocks, in: channelsIn, out });
    const shared = { eps, heads: given.heads, init, lastInit, context: tokens };
    const attention = (at: Scope, name: string, count: number): AttendingLayer =>
      attending(at, name, { ...shared, channels: count, groups: groups(count) });
    const embed = sinusoidal({ width });
    const time = timeMlp(root.child("time"), { embed, in: width, hidden: embedding, init });
    const conditioned = conditionEmbedding(root, { classes, vector: given.vector, embedding, init });
    const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: width, init });

    const { out: wide, apply } = uShape(root, {
      stem: width,
      widths: multipliers.map((multiplier) => width * multiplier),
      blocks,
      stage(at, { level, index }, channelsIn, out) {
        const residual = block(at.child(`res${index}`), channelsIn, out);
        if (!given.attention.includes(level)) return residual;
        const attend = attention(at, `attn${index}`, out);
        return (run, x, embedded, context) => attend(run, residual(run, x, embedded), context);
      },
      halve(at, _level, count) {
        const padding = given.padding === "same" ? "same" : 1;
        return conv2d(at.child("down"), { in: count, out: count, stride: 2, padding, init });
      },
      double(at, _level, count) {
        const conv = conv2d(at.child("up"), { in: count, out: count, init });
        return (run, x) => conv(run, upsampleNearest(x));
      },
      middle(at, count) {
        const [before, after] = [
          block(at.child("res0"), count, count),
          block(at.child("res1"), count, count),
        ];
        const attend = attention(at, "attn", count);
        return (run, x, embedded, context) =>
          after(run, attend(run, before(run, x, embedded), context), embedded);
      },
    });

    const last = { channels: wide, groups: groups(wide), eps, activation: "silu" } as const;
    const norm = groupNorm(root.child("out").child("norm"), last);
    const outputs = headChannels("unet/ho", given);
    const head = conv2d(root.child("out").child("conv"), { in: wide, out: outputs, init: lastInit });

    return denoiserFrom(root, {
      name: "ho",
      channels,
      multiple: 2 ** (levels - 1),
      classes,
      context: tokens,
      vector: given.vector,
      ...inputsOf(given),
      outputs,
      forward(run, x, noise, condition) {
        const embedded = conditioned(run, time(run, noise), condition);
        return head(run, norm(run, apply(run, stem(run, x), silu(embedded), contextOf(condition))));
      },
    });
  },
});

/** Attention of pixels to each other, then to the context where there is one. Parameters `NAME`, `NAMEContext`. */
function attending(
  at: Scope,
  name: string,
  {
    context,
    ...options
  }: AttentionBlockOptions & {
    readonly groups: number;
    readonly heads: number;
    readonly context: number | undefined;
  },
): AttendingLayer {
  const own = attentionBlock(at.child(name), options);
  if (context === undefined) return own;
  const cross = contextAttention(at.child(`${name}Context`), { ...options, context });
  return (run, x, given) => cross(run, own(run, x), given!);
}

/**
 * Adds the embeddings of labels, and of a vector by an MLP, to that of the noise. Parameters `labels`, `vector`.
 * Source: Nichol et al. 2021, GLIDE, section 4 (a vector of the text).
 */
function conditionEmbedding(
  at: Scope,
  {
    classes,
    vector,
    embedding,
    init,
  }: {
    readonly classes: number | undefined;
    readonly vector: number | undefined;
    readonly embedding: number;
    readonly init: KernelInit;
  },
): (run: Run, embedded: tf.Tensor2D, condition: Condition) => tf.Tensor2D {
  const label = classes && labelEmbedding(at.child("labels"), { classes, width: embedding });
  const added = vector && vectorMlp(at.child("vector"), { in: vector, hidden: embedding, init });
  return (run, embedded, { labels, vector: numbers }) => {
    const named = label && labels ? tf.add<tf.Tensor2D>(embedded, label(run, labels)) : embedded;
    return added && numbers ? tf.add(named, added(run, numbers)) : named;
  };
}
