import { type Denoiser, fail, type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { fixed, type Initialiser, type KernelInit, normal, uniform, zeros } from "../initialisers.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { silu } from "../layers/activations/silu.ts";
import { toPixelRows } from "../layers/attention/pixels.ts";
import { recomputableBlock } from "../layers/blocks/recomputable-block.ts";
import { transformerBlock, transformerHead } from "../layers/blocks/transformer-block.ts";
import { labelEmbedding } from "../layers/embeddings/label-embedding.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { fromPatches, gridPositions } from "../layers/skeletons/patches.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { scope } from "../scope.ts";

const positive = z.number().int().positive();

/** Depth, width and heads of the published sizes. Source: Peebles & Xie 2022, table 1. */
const sizes = {
  S: { depth: 12, width: 384, heads: 6 },
  B: { depth: 12, width: 768, heads: 12 },
  L: { depth: 24, width: 1024, heads: 16 },
  XL: { depth: 28, width: 1152, heads: 16 },
} as const;

/** Options of {@link dit}; meanings, ranges and defaults are in its schema. */
export interface DitOptions extends InputOptions, OutputOptions {
  channels?: number;
  learnsVariance?: boolean;
  pixels?: number | [height: number, width: number];
  patch?: number;
  size?: keyof typeof sizes;
  depth?: number;
  width?: number;
  heads?: number;
  expansion?: number;
  classes?: number;
  classNone?: boolean;
}

const options = {
  channels: positive.default(3).describe("channels of the images; 4 for the latents of the paper"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance; as published true"),
  pixels: z
    .union([positive, z.tuple([positive, positive])])
    .default(32)
    .describe("side of the images, or height and width, that the network is tied to"),
  patch: positive.default(2).describe("pixels of a side of a patch"),
  size: z.enum(["S", "B", "L", "XL"]).default("S").describe("depth, width and heads as published"),
  depth: positive.optional().describe("blocks, where not the size's"),
  width: positive.multipleOf(4).optional().describe("numbers of a token, where not the size's"),
  heads: positive.optional().describe("attention heads, where not the size's"),
  expansion: z.number().positive().default(4).describe("hidden numbers of the MLPs, in widths"),
  classes: positive.optional().describe("classes of the labels; left out, the network takes none"),
  classNone: z.boolean().default(true).describe("a learned row for no class, which guidance needs"),
  ...inputOptions,
  ...outputOptions,
};

/** Depth, width and heads: the size's, unless they are given. */
export function ditShape({
  size = "S",
  depth = sizes[size].depth,
  width = sizes[size].width,
  heads = sizes[size].heads,
}: ShapeOptions): { readonly depth: number; readonly width: number; readonly heads: number } {
  return { depth, width, heads };
}

interface ShapeOptions {
  readonly size?: keyof typeof sizes | undefined;
  readonly depth?: number | undefined;
  readonly width?: number | undefined;
  readonly heads?: number | undefined;
}

/** Columns of the sinusoids of the noise, whatever the width. */
const WAVES = 256;

/** The diffusion transformer; DiT-S/2 on 32 × 32 pixels by default. */
export const dit: Plugin<DitOptions, Denoiser> = plugin({
  name: "dit",
  about:
    "Diffusion transformer: patches as tokens, conditioned on noise level and class by adaptive norms that start at zero.",
  source: "Peebles & Xie 2022; facebookresearch/DiT models.py",
  options,
  create(given): Denoiser {
    const { channels, patch, classes } = given;
    const { depth, width, heads } = ditShape(given);
    if (width % heads !== 0) fail("unet/dit", `${width} numbers do not split into ${heads} heads.`);
    const pixels: readonly [number, number] =
      typeof given.pixels === "number" ? [given.pixels, given.pixels] : given.pixels;
    if (pixels.some((side) => side % patch !== 0)) {
      const [near] = [pixels.map((side) => Math.max(1, Math.round(side / patch)) * patch)];
      fail(
        "unet/dit",
        `${pixels.join(" × ")} pixels do not split into patches of ${patch}.`,
        `The nearest that do: ${near!.join(" × ")}.`,
      );
    }
    const grid = pixels.map((side) => side / patch) as [number, number];
    const root = scope();
    const taken = inputChannels(given);
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
    const hidden = Math.floor(given.expansion * width);
    const blocks = Array.from({ length: depth }, (_, index) =>
      recomputableBlock(root, () =>
        transformerBlock(root.child("blocks").child(index), { width, heads, hidden }),
      ),
    );
    const outputs = headChannels("unet/dit", given);
    const head = transformerHead(root.child("out"), { width, out: patch ** 2 * outputs });

    return denoiserFrom(root, {
      name: "dit",
      channels,
      multiple: patch,
      size: pixels,
      classes,
      learnsVariance: given.learnsVariance,
      outputs,
      ...inputsOf(given),
      forward(run, x, noise, { labels }) {
        let embedded = time(run, noise);
        if (label && labels) embedded = tf.add(embedded, label(run, labels));
        const active = silu(embedded);
        let tokens: tf.Tensor3D = tf.add(toPixelRows(stem(run, x)), positions(run));
        for (const block of blocks) tokens = block(run, tokens, active);
        return fromPatches(head(run, tokens, active), grid, patch);
      },
    });
  },
});

/** How the layers after the sinusoids start. */
const smallInit: KernelInit = { kernel: () => normal(0.02), bias: () => zeros };

/** The patch convolution starts as a dense layer would: Xavier-uniform over [width, in · p · p]. */
const patchInit: KernelInit = {
  kernel: ({ fanIn, fanOut }): Initialiser => uniform(Math.sqrt(6 / (fanIn + fanOut))),
  bias: () => zeros,
};
