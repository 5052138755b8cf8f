import type { Denoiser, Plugin } from "@ddpm/core";
import * as z from "zod";
import { type OutputOptions, outputOptions } from "../../output.ts";
import { plugin } from "../../plugin.ts";
import { positiveInteger } from "../../positive-integer.ts";
import { channelOptions } from "../../reference-channels.ts";
import {
  type DownBlockType1D,
  downKinds,
  headKinds,
  middleKinds,
  type UpBlockType1D,
  upKinds,
} from "./kinds.ts";
import { unet1dNetwork } from "./network.ts";
import { type CompleteConfig1D, structureOf1D } from "./structure.ts";

/** Options of {@link unet1d}: the fields of a `config.json` of diffusers' UNet1DModel; meanings, ranges and defaults are in its schema. */
export interface Unet1dOptions extends OutputOptions {
  sampleSize?: number | null | undefined;
  sampleRate?: number | null | undefined;
  channels?: number | undefined;
  learnsVariance?: boolean | undefined;
  inChannels?: number | undefined;
  outChannels?: number | undefined;
  extraInChannels?: number | undefined;
  timeEmbeddingType?: "fourier" | "positional" | undefined;
  timeEmbeddingDim?: number | null | undefined;
  flipSinToCos?: boolean | undefined;
  useTimestepEmbedding?: boolean | undefined;
  freqShift?: number | undefined;
  downBlockTypes?: DownBlockType1D[] | undefined;
  upBlockTypes?: UpBlockType1D[] | undefined;
  midBlockType?: keyof typeof middleKinds | undefined;
  outBlockType?: keyof typeof headKinds | null | undefined;
  blockOutChannels?: number[] | undefined;
  actFn?: "silu" | "swish" | "mish" | "gelu" | "relu" | null | undefined;
  normNumGroups?: number | null | undefined;
  layersPerBlock?: number | undefined;
  downsampleEachBlock?: boolean | undefined;
}

const typeOf = <Type extends string>(kinds: Readonly<Record<Type, unknown>>): z.ZodType<Type, Type> =>
  z.enum(Object.keys(kinds) as [Type, ...Type[]]);

const options = {
  sampleSize: positiveInteger.nullish().describe("length of the signals; not used by the network"),
  sampleRate: positiveInteger.nullish().describe("numbers per second; not used by the network"),
  ...channelOptions,
  inChannels: positiveInteger.optional().describe("channels of the input, as the reference counts them"),
  outChannels: positiveInteger
    .optional()
    .describe("channels of the output: as inChannels when left out; twice for a learned variance"),
  channels: positiveInteger.optional().describe("channels of the signals; 2 when left out"),
  extraInChannels: z
    .int()
    .min(0)
    .optional()
    .describe(
      "further channels of the first level's input; left out: those of the noise level where it takes them",
    ),
  timeEmbeddingType: z
    .enum(["fourier", "positional"])
    .default("fourier")
    .describe("random waves of the noise level, or sinusoids"),
  timeEmbeddingDim: positiveInteger
    .nullish()
    .describe("columns of the random waves; twice the first level's channels when left out"),
  flipSinToCos: z.boolean().default(true).describe("cosines before sines"),
  useTimestepEmbedding: z.boolean().default(false).describe("two dense layers after the waves"),
  freqShift: z.number().default(0).describe("the frequencies' denominator is half the width less this"),
  downBlockTypes: z
    .array(typeOf(downKinds))
    .min(1)
    .default(["DownBlock1DNoSkip", "DownBlock1D", "AttnDownBlock1D"])
    .describe("type of each level on the way down, the finest first"),
  upBlockTypes: z
    .array(typeOf(upKinds))
    .default(["AttnUpBlock1D", "UpBlock1D", "UpBlock1DNoSkip"])
    .describe("type of each level on the way up, the coarsest first"),
  midBlockType: typeOf(middleKinds)
    .default("UNetMidBlock1D")
    .describe("blocks between the way down and the way up"),
  outBlockType: typeOf(headKinds)
    .nullish()
    .describe("convolutions at the end, or one value per signal; left out: neither"),
  blockOutChannels: z.array(positiveInteger).min(1).default([32, 32, 64]).describe("channels of each level"),
  actFn: z
    .enum(["silu", "swish", "mish", "gelu", "relu"])
    .nullish()
    .describe("activation between dense layers and at the end; swish is silu"),
  normNumGroups: positiveInteger
    .nullable()
    .default(8)
    .describe("groups of the norm at the end; null: a quarter of the first level's channels, at most 32"),
  layersPerBlock: z.int().min(0).default(1).describe("residual blocks of a temporal level after the first"),
  downsampleEachBlock: z
    .boolean()
    .default(false)
    .describe("the last temporal level and the temporal middle halve the length, too"),
  ...outputOptions,
};

/** Hugging Face diffusers' U-Net for signals [B, L, C]: audio, planning, and value functions [B, 1] of plans. */
export const unet1d: Plugin<Unet1dOptions, Denoiser> = plugin({
  name: "unet1d",
  about:
    "diffusers' UNet1DModel for signals, its config.json in camel case: audio, planning, value functions.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_1d.py",
  options,
  create: (config) => unet1dNetwork(structureOf1D(config as CompleteConfig1D)),
});
