import type { Denoiser } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../../denoiser-from.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../../input.ts";
import { dropout } from "../../layers/activations/dropout.ts";
import { gelu } from "../../layers/activations/gelu.ts";
import { silu } from "../../layers/activations/silu.ts";
import { modulatedBlock } from "../../layers/blocks/modulated-block.ts";
import { fourier } from "../../layers/embeddings/fourier.ts";
import { sinusoidal } from "../../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../../layers/embeddings/time-mlp.ts";
import type { GroupNorm } from "../../layers/norms/group-norm.ts";
import { rmsNorm } from "../../layers/norms/rms-norm.ts";
import { type LevelSteps, type TwinSkipsOptions, twinSkips } from "../../layers/skeletons/twin-skips.ts";
import { headChannels } from "../../output.ts";
import { positiveInteger } from "../../positive-integer.ts";
import { type Layer, type Run, type Scope, scope } from "../../scope.ts";

/** Options of both of lucidrains' U-Nets; meanings, ranges and defaults are in their schemas. */
export interface SharedOptions extends InputOptions {
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
}

/** The options of {@link SharedOptions}, for the schemas. */
interface SharedSchema extends Inputs {
  readonly dim: z.ZodDefault<z.ZodNumber>;
  readonly initDim: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
  readonly outDim: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
  readonly dimMults: z.ZodDefault<z.ZodArray<z.ZodNumber>>;
  readonly channels: z.ZodDefault<z.ZodNumber>;
  readonly learnedVariance: z.ZodDefault<z.ZodBoolean>;
  readonly learnedSinusoidalCond: z.ZodDefault<z.ZodBoolean>;
  readonly randomFourierFeatures: z.ZodDefault<z.ZodBoolean>;
  readonly learnedSinusoidalDim: z.ZodDefault<z.ZodNumber>;
  readonly sinusoidalPosEmbTheta: z.ZodDefault<z.ZodNumber>;
  readonly dropout: z.ZodDefault<z.ZodNumber>;
}
type Inputs = typeof inputOptions;

/** The options of both. */
export const sharedOptions: SharedSchema = {
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
};

/** The shared options, checked. */
interface Checked extends InputOptions {
  readonly dim: number;
  readonly initDim?: number | null | undefined;
  readonly outDim?: number | null | undefined;
  readonly dimMults: readonly number[];
  readonly channels: number;
  readonly learnedVariance: boolean;
  readonly learnedSinusoidalCond: boolean;
  readonly randomFourierFeatures: boolean;
  readonly learnedSinusoidalDim: number;
  readonly sinusoidalPosEmbTheta: number;
  readonly dropout: number;
}

/** What differs between the U-Nets for images and for signals. */
export interface Parts {
  readonly name: "lucidrains" | "lucidrains-1d";
  readonly axes: 1 | 2;
  conv(
    at: Scope,
    options: { readonly in: number; readonly out: number; readonly kernel?: number },
  ): Layer<tf.Tensor4D>;
  readonly attention: TwinSkipsOptions["attention"];
  readonly steps?: LevelSteps;
  /** Samples as images. */
  asImage(x: tf.Tensor): tf.Tensor4D;
  /** Images as samples. */
  asSample(x: tf.Tensor4D): tf.Tensor;
}

/** The U-Net of these options and parts. */
export function lucidrainsNetwork(given: Checked, parts: Parts): Denoiser {
  const { channels, dim, dimMults, learnedVariance: learnsVariance } = given;
  const root = scope();
  const stemWidth = given.initDim ?? dim;
  const time = timeOf(root.child("time"), given);
  const stem = parts.conv(root.child("stem"), { in: inputChannels(given), out: stemWidth, kernel: 7 });
  const apply = twinSkips(root, {
    stem: stemWidth,
    widths: dimMults.map((multiplier) => dim * multiplier),
    block: (at, channelsIn, out) =>
      modulatedBlock(at, {
        in: channelsIn,
        out,
        embedding: 4 * dim,
        conv: (at, channelsIn, out) => parts.conv(at, { in: channelsIn, out }),
        norm: normWithSilu,
        drop: dropout(at.child("dropout"), given.dropout),
        shortcut: (at, channelsIn, out) => parts.conv(at, { in: channelsIn, out, kernel: 1 }),
      }),
    attention: parts.attention,
    ...(parts.steps ? { steps: parts.steps } : {}),
  });
  const outputs = headChannels(`unet/${parts.name}`, { ...given, learnsVariance });
  const head = parts.conv(root.child("out").child("conv"), { in: stemWidth, out: outputs, kernel: 1 });
  return denoiserFrom<tf.Tensor>(root, {
    name: parts.name,
    axes: parts.axes,
    channels,
    multiple: 2 ** (dimMults.length - 1),
    learnsVariance,
    outputs,
    ...inputsOf(given),
    forward(run, x, noise) {
      const features = apply(run, stem(run, parts.asImage(x)), silu(time(run, noise)));
      return parts.asSample(head(run, features));
    },
  });
}

/** The embedding of the noise level. */
function timeOf(at: Scope, given: Checked): (run: Run, noise: tf.Tensor1D) => tf.Tensor2D {
  const { dim, learnedSinusoidalDim: width, randomFourierFeatures: fixed } = given;
  const waves = given.learnedSinusoidalCond || fixed ? fourier(at, { width, learned: !fixed }) : undefined;
  return timeMlp(at, {
    embed: waves ?? sinusoidal({ width: dim, theta: given.sinusoidalPosEmbTheta }),
    in: waves ? width + 1 : dim,
    hidden: 4 * dim,
    activation: gelu,
  });
}

/** RMS norm, scaled and shifted, and SiLU. */
function normWithSilu(at: Scope, channels: number): GroupNorm {
  const norm = rmsNorm(at, channels);
  return (run, x, modulation) => {
    const y = norm(run, x);
    if (!modulation) return silu(y);
    return silu(tf.add(tf.mul(y, tf.add(1, modulation.scale)), modulation.shift)) as tf.Tensor4D;
  };
}
