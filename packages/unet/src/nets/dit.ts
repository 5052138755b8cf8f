import { type Denoiser, fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { fixed, type Initialiser, type KernelInit, normal, uniform, zeros } from "../initialisers.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { silu } from "../layers/activations/silu.ts";
import { contextOf } from "../layers/attention/context.ts";
import { toPixelRows } from "../layers/attention/pixels.ts";
import { recomputableBlock } from "../layers/blocks/recomputable-block.ts";
import { transformerBlock, transformerHead } from "../layers/blocks/transformer-block.ts";
import { labelEmbedding } from "../layers/embeddings/label-embedding.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { fromPatches, gridPositions } from "../layers/skeletons/patches.ts";
import { type OutputOptions, outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type Channels, channelsIn } from "../reference-channels.ts";
import { scope } from "../scope.ts";

/** Published sizes. Source: Peebles & Xie 2022, table 1. */
const sizes = {
  S: { depth: 12, hiddenSize: 384, numHeads: 6 },
  B: { depth: 12, hiddenSize: 768, numHeads: 12 },
  L: { depth: 24, hiddenSize: 1024, numHeads: 16 },
  XL: { depth: 28, hiddenSize: 1152, numHeads: 16 },
} as const;

/** Options of {@link dit}; meanings, ranges and defaults are in its schema. */
export interface DitOptions extends InputOptions, OutputOptions {
  inputSize?: number | [height: number, width: number];
  patchSize?: number;
  inChannels?: number | undefined;
  hiddenSize?: number | undefined;
  depth?: number | undefined;
  numHeads?: number | undefined;
  mlpRatio?: number;
  numClasses?: number | null | undefined;
  learnSigma?: boolean;
  channels?: number | undefined;
  size?: keyof typeof sizes;
  classNone?: boolean;
  context?: number | undefined;
}

const options = {
  inputSize: z
    .union([positiveInteger, z.tuple([positiveInteger, positiveInteger])])
    .default(32)
    .describe("side of the images or latents, or height and width, that the network is tied to"),
  patchSize: positiveInteger.default(2).describe("pixels of a side of a patch"),
  inChannels: positiveInteger.optional().describe("channels of the images or latents: like channels"),
  hiddenSize: positiveInteger.multipleOf(4).optional().describe("numbers of a token, where not the size's"),
  depth: positiveInteger.optional().describe("blocks, where not the size's"),
  numHeads: positiveInteger.optional().describe("attention heads, where not the size's"),
  mlpRatio: z.number().positive().default(4).describe("hidden numbers of the MLPs, in hiddenSize"),
  numClasses: positiveInteger
    .nullish()
    .describe("classes of the labels; left out, the network takes none; as published 1000"),
  learnSigma: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance; as published true"),
  channels: positiveInteger
    .optional()
    .describe("channels of the images, 3 when left out; 4 for the latents of the paper"),
  size: z
    .enum(["S", "B", "L", "XL"])
    .default("XL")
    .describe("depth, hiddenSize and numHeads by the published name"),
  classNone: z
    .boolean()
    .default(true)
    .describe(
      "a learned row for no class, which guidance needs; the reference has it with class_dropout_prob",
    ),
  context: positiveInteger
    .optional()
    .describe("width of a context's tokens, which every block attends to; left out, there is none"),
  ...inputOptions,
  ...outputOptions,
};

/** Depth, numbers of a token and heads: the size's, unless they are given. */
export function ditShape({
  size = "XL",
  depth = sizes[size].depth,
  hiddenSize = sizes[size].hiddenSize,
  numHeads = sizes[size].numHeads,
}: Pick<DitOptions, "size" | "depth" | "hiddenSize" | "numHeads">): {
  readonly depth: number;
  readonly hiddenSize: number;
  readonly numHeads: number;
} {
  return { depth, hiddenSize, numHeads };
}

/** Channels of {@link dit} by whichever of its options gives them. */
export function ditChannels({
  channels,
  inChannels,
  learnSigma,
  ...rest
}: DitOptions): Channels & { readonly outputs: number } {
  if (channels !== undefined && inChannels !== undefined && channels !== inChannels) {
    fail("unet/dit", `channels is ${channels} and inChannels ${inChannels}.`, "Give one of them.");
  }
  return channelsIn("unet/dit", { ...rest, channels: inChannels ?? channels, learnsVariance: learnSigma });
}

/** Columns of the sinusoids of the noise, whatever the width. */
const WAVES = 256;

/** The diffusion transformer, under the names of its reference; DiT-XL/2 on 32 × 32 pixels by default. */
export const dit: Plugin<DitOptions, Denoiser> = plugin({
  name: "dit",
  about:
    "Diffusion transformer: patches as tokens, conditioned on noise level and class by adaptive norms that start at zero.",
  source: "Peebles & Xie 2022; facebookresearch/DiT models.py",
  options,
  create(given): Denoiser {
    const { patchSize: patch } = given;
    const classes = given.numClasses ?? undefined;
    const { depth, hiddenSize: width, numHeads: heads } = ditShape(given);
    const counted = ditChannels(given);
    const inputs = { ...given, ...counted };
    if (width % heads !== 0) fail("unet/dit", `${width} numbers do not split into ${heads} heads.`);
    const pixels: readonly [number, number] =
      typeof given.inputSize === "number" ? [given.inputSize, given.inputSize] : given.inputSize;
    checkPatches(pixels, patch);
    const grid = pixels.map((side) => side / patch) as [number, number];
    const root = scope();
    const taken = inputChannels(inputs);
    const stem = conv2d(root.child("stem"), {
      in: taken,
      out: width,
      kernel: patch,
      stride: patch,
      padding: 0,
      init: patchInit,
    });
    const embed = sinusoidal({ width: WAVES, form: "openai" });
    const time = timeMlp(root.child("time"), { embed, in: WAVES, hidden: width, init: smallInit });
    const label =
      classes === undefined
        ? undefined
        : labelEmbedding(root.child("labels"), {
            classes,
            width,
            none: given.classNone,
            initial: normal(0.02),
          });
    const count = grid[0] * grid[1];
    const positions = root
      .child("positions")
      .param("table", [1, count, width], fixed(gridPositions(grid, width)), {
        trainable: false,
      });
    const hidden = Math.floor(given.mlpRatio * width);
    const blocks = Array.from({ length: depth }, (_, index) =>
      recomputableBlock(root, () =>
        transformerBlock(root.child("blocks").child(index), { width, heads, hidden, context: given.context }),
      ),
    );
    const head = transformerHead(root.child("out"), { width, out: patch ** 2 * counted.outputs });

    return denoiserFrom(root, {
      name: "dit",
      ...counted,
      multiple: patch,
      size: pixels,
      ...{ classes, context: given.context },
      ...inputsOf(inputs),
      forward(run, x, noise, condition) {
        const [{ labels }, context] = [condition, contextOf(condition)];
        let embedded = time(run, noise);
        if (label && labels) embedded = tf.add(embedded, label(run, labels));
        const active = silu(embedded);
        let tokens: tf.Tensor3D = tf.add(toPixelRows(stem(run, x)), positions(run));
        for (const block of blocks) tokens = block(run, tokens, active, context);
        return fromPatches(head(run, tokens, active), grid, patch);
      },
    });
  },
});

/** @throws DdpmError for sides that are no multiple of the patch's, with the nearest that are */
function checkPatches(pixels: readonly [number, number], patch: number): void {
  if (pixels.every((side) => side % patch === 0)) return;
  const near = pixels.map((side) => Math.max(1, Math.round(side / patch)) * patch);
  fail(
    "unet/dit",
    `${pixels.join(" × ")} pixels do not split into patches of ${patch}.`,
    `The nearest that do: ${near.join(" × ")}.`,
  );
}

/** How the layers after the sinusoids start. */
const smallInit: KernelInit = { kernel: () => normal(0.02), bias: () => zeros };

/** The patch convolution starts as a dense layer would: Xavier-uniform over [width, in · p · p]. */
const patchInit: KernelInit = {
  kernel: ({ fanIn, fanOut }): Initialiser => uniform(Math.sqrt(6 / (fanIn + fanOut))),
  bias: () => zeros,
};
