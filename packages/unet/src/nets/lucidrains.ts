import type { Denoiser, Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { dropout } from "../layers/activations/dropout.ts";
import { gelu } from "../layers/activations/gelu.ts";
import { silu } from "../layers/activations/silu.ts";
import { memoryAttention } from "../layers/attention/memory-attention.ts";
import { modulatedBlock } from "../layers/blocks/modulated-block.ts";
import { fourier } from "../layers/embeddings/fourier.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { rmsNorm } from "../layers/norms/rms-norm.ts";
import { twinSkips } from "../layers/skeletons/twin-skips.ts";
import { headChannels } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { scope } from "../scope.ts";

const perLevel = z.union([positiveInteger, z.array(positiveInteger)]);

/** Options of {@link lucidrains}; meanings, ranges and defaults are in its schema. */
export interface LucidrainsOptions extends InputOptions {
  dim?: number;
  initDim?: number | null;
  outDim?: number | null;
  dimMults?: number[];
  channels?: number;
  learnedVariance?: boolean;
  learnedSinusoidalCond?: boolean;
  randomFourierFeatures?: boolean;
  learnedSinusoidalDim?: number;
  sinusoidalPosEmbTheta?: number;
  dropout?: number;
  attnDimHead?: number | number[];
  attnHeads?: number | number[];
  fullAttn?: boolean | boolean[] | null;
}

const options = {
  dim: positiveInteger.default(64).describe("width that dimMults multiplies"),
  initDim: positiveInteger.nullish().describe("channels after the first convolution; dim when left out"),
  outDim: positiveInteger
    .nullish()
    .describe("channels of the output; when left out channels, or twice with learnedVariance"),
  dimMults: z.array(positiveInteger).min(1).default([1, 2, 4, 8]).describe("channels of each level, in dims"),
  channels: positiveInteger.default(3).describe("channels of the images"),
  ...inputOptions,
  learnedVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  learnedSinusoidalCond: z
    .boolean()
    .default(false)
    .describe("Fourier features of the noise level with learned frequencies, instead of sinusoids"),
  randomFourierFeatures: z
    .boolean()
    .default(false)
    .describe("Fourier features with random frequencies; takes precedence over learnedSinusoidalCond"),
  learnedSinusoidalDim: positiveInteger
    .multipleOf(2)
    .default(16)
    .describe("sines and cosines of Fourier features"),
  sinusoidalPosEmbTheta: z.number().positive().default(10000).describe("base of the sinusoidal frequencies"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each block"),
  attnDimHead: perLevel.default(32).describe("numbers per head, for all levels or each"),
  attnHeads: perLevel.default(4).describe("attention heads, for all levels or each"),
  fullAttn: z
    .union([z.boolean(), z.array(z.boolean())])
    .nullish()
    .describe("full attention instead of linear, for all levels or each; left out: at the deepest"),
};

/** Levels of {@link lucidrains} with full attention, the finest 0; the others have linear attention. */
export function lucidrainsFullAttention({
  dimMults,
  fullAttn,
}: {
  readonly dimMults: readonly number[];
  readonly fullAttn?: LucidrainsOptions["fullAttn"] | undefined;
}): number[] {
  if (!fullAttn) return [dimMults.length - 1];
  return dimMults.flatMap((_, level) => (fullAttn === true || fullAttn[level] ? [level] : []));
}

/** lucidrains' U-Net as of version 2.3.1; 35,711,491 parameters by default. */
export const lucidrains: Plugin<LucidrainsOptions, Denoiser> = plugin({
  name: "lucidrains",
  about:
    "lucidrains' Unet, its arguments in camel case: RMS norms, attention at every level with learned memories.",
  source: "lucidrains/denoising-diffusion-pytorch 2.3.1, class Unet",
  options,
  create(given): Denoiser {
    const { channels, dim, dimMults, learnedVariance: learnsVariance } = given;
    const root = scope();
    const levels = dimMults.length;
    const stemWidth = given.initDim ?? dim;
    const embedding = 4 * dim;
    const full = lucidrainsFullAttention(given);
    const of = (value: number | number[], level: number): number =>
      typeof value === "number" ? value : (value[level] ?? value.at(-1)!);

    const timeScope = root.child("time");
    const waves =
      given.learnedSinusoidalCond || given.randomFourierFeatures
        ? fourier(timeScope, { width: given.learnedSinusoidalDim, learned: !given.randomFourierFeatures })
        : undefined;
    const time = timeMlp(timeScope, {
      embed: waves ?? sinusoidal({ width: dim, theta: given.sinusoidalPosEmbTheta }),
      in: waves ? given.learnedSinusoidalDim + 1 : dim,
      hidden: embedding,
      activation: gelu,
    });
    const stem = conv2d(root.child("stem"), {
      in: inputChannels(given),
      out: stemWidth,
      kernel: 7,
    });
    const apply = twinSkips(root, {
      stem: stemWidth,
      widths: dimMults.map((multiplier) => dim * multiplier),
      block: (at, channelsIn, out) =>
        modulatedBlock(at, {
          in: channelsIn,
          out,
          embedding,
          conv: (at, channelsIn, out) => conv2d(at, { in: channelsIn, out }),
          norm(at, count) {
            const norm = rmsNorm(at, count);
            return (run, x, modulation) => {
              const y = norm(run, x);
              if (!modulation) return silu(y);
              return silu(tf.add(tf.mul(y, tf.add(1, modulation.scale)), modulation.shift)) as tf.Tensor4D;
            };
          },
          drop: dropout(at.child("dropout"), given.dropout),
          shortcut: (at, channelsIn, out) => conv2d(at, { in: channelsIn, out, kernel: 1 }),
        }),
      attention: (at, count, level) =>
        memoryAttention(at, {
          channels: count,
          heads: of(given.attnHeads, level ?? levels - 1),
          headWidth: of(given.attnDimHead, level ?? levels - 1),
          linear: level !== undefined && !full.includes(level),
        }),
    });
    const outputs = headChannels("unet/lucidrains", { ...given, learnsVariance });
    const head = conv2d(root.child("out").child("conv"), { in: stemWidth, out: outputs, kernel: 1 });

    return denoiserFrom(root, {
      name: "lucidrains",
      channels,
      multiple: 2 ** (levels - 1),
      learnsVariance,
      outputs,
      ...inputsOf(given),
      forward(run, x, noise) {
        return head(run, apply(run, stem(run, x), silu(time(run, noise))));
      },
    });
  },
});
