import { type Denoiser, type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
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
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { scope } from "../scope.ts";

const positive = z.number().int().positive();
const perLevel = z.union([positive, z.array(positive)]);

/** Options of {@link lucidrains}; meanings, ranges and defaults are in its schema. */
export interface LucidrainsOptions extends InputOptions, OutputOptions {
  channels?: number;
  learnsVariance?: boolean;
  dim?: number;
  initDim?: number;
  multipliers?: number[];
  waves?: "sinusoidal" | "learned" | "random";
  waveWidth?: number;
  theta?: number;
  dropout?: number;
  fullAttention?: number[];
  heads?: number | number[];
  headWidth?: number | number[];
}

const options = {
  channels: positive.default(3).describe("channels of the images"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  ...inputOptions,
  ...outputOptions,
  dim: positive.default(64).describe("width that the multipliers multiply"),
  initDim: positive.optional().describe("channels after the first convolution; dim when left out"),
  multipliers: z.array(positive).min(1).default([1, 2, 4, 8]).describe("channels of each level, in dims"),
  waves: z
    .enum(["sinusoidal", "learned", "random"])
    .default("sinusoidal")
    .describe("embedding of the noise: fixed, or Fourier features with learned or random frequencies"),
  waveWidth: positive.multipleOf(2).default(16).describe("sines and cosines of Fourier features"),
  theta: z.number().positive().default(10000).describe("base of the sinusoidal frequencies"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each block"),
  fullAttention: z
    .array(z.number().int().nonnegative())
    .optional()
    .describe("levels with full attention, the others having linear attention; the deepest when left out"),
  heads: perLevel.default(4).describe("attention heads, for all levels or each"),
  headWidth: perLevel.default(32).describe("numbers per head, for all levels or each"),
};

/** lucidrains' U-Net as of version 2.3.1; 35,711,491 parameters by default. */
export const lucidrains: Plugin<LucidrainsOptions, Denoiser> = plugin({
  name: "lucidrains",
  about: "lucidrains' U-Net: RMS norms, attention at every level with learned memories, self-conditioning.",
  source: "lucidrains/denoising-diffusion-pytorch 2.3.1, class Unet",
  options,
  create(given): Denoiser {
    const { channels, dim, multipliers } = given;
    const root = scope();
    const levels = multipliers.length;
    const stemWidth = given.initDim ?? dim;
    const embedding = 4 * dim;
    const full = given.fullAttention ?? [levels - 1];
    const of = (value: number | number[], level: number): number =>
      typeof value === "number" ? value : (value[level] ?? value.at(-1)!);

    const timeScope = root.child("time");
    const waves =
      given.waves === "sinusoidal"
        ? undefined
        : fourier(timeScope, { width: given.waveWidth, learned: given.waves === "learned" });
    const time = timeMlp(timeScope, {
      embed: waves ?? sinusoidal({ width: dim, theta: given.theta }),
      in: waves ? given.waveWidth + 1 : dim,
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
      widths: multipliers.map((multiplier) => dim * multiplier),
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
          heads: of(given.heads, level ?? levels - 1),
          headWidth: of(given.headWidth, level ?? levels - 1),
          linear: level !== undefined && !full.includes(level),
        }),
    });
    const outputs = headChannels("unet/lucidrains", given);
    const head = conv2d(root.child("out").child("conv"), { in: stemWidth, out: outputs, kernel: 1 });

    return denoiserFrom(root, {
      name: "lucidrains",
      channels,
      multiple: 2 ** (levels - 1),
      learnsVariance: given.learnsVariance,
      outputs,
      ...inputsOf(given),
      forward(run, x, noise) {
        return head(run, apply(run, stem(run, x), silu(time(run, noise))));
      },
    });
  },
});
