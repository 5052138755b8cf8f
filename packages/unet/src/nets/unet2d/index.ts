import type { Denoiser, Plugin } from "@ddpm/core";
import * as z from "zod";
import { type InputOptions, inputOptions } from "../../input.ts";
import { type OutputOptions, outputOptions } from "../../output.ts";
import { plugin } from "../../plugin.ts";
import { positiveInteger } from "../../positive-integer.ts";
import { type DownBlockType, downKinds, type UpBlockType, upKinds } from "./kinds.ts";
import { unet2dNetwork } from "./network.ts";
import { structureOf } from "./structure.ts";

const resample = z.enum(["conv", "resnet"]).nullable().default("conv");

/** The fields of a `config.json` of diffusers' UNet2DModel; meanings, ranges and defaults are in its schema. */
export interface UNet2DModelConfig {
  _class_name?: "UNet2DModel" | undefined;
  _diffusers_version?: string | undefined;
  _name_or_path?: string | undefined;
  sampleSize?: number | number[] | null | undefined;
  inChannels?: number | undefined;
  outChannels?: number | undefined;
  centerInputSample?: boolean | undefined;
  timeEmbeddingType?: "positional" | "fourier" | "learned" | undefined;
  timeEmbeddingDim?: number | null | undefined;
  freqShift?: number | undefined;
  flipSinToCos?: boolean | undefined;
  downBlockTypes?: DownBlockType[] | undefined;
  midBlockType?: "UNetMidBlock2D" | null | undefined;
  upBlockTypes?: UpBlockType[] | undefined;
  blockOutChannels?: number[] | undefined;
  layersPerBlock?: number | undefined;
  midBlockScaleFactor?: number | undefined;
  downsamplePadding?: 0 | 1 | undefined;
  downsampleType?: "conv" | "resnet" | null | undefined;
  upsampleType?: "conv" | "resnet" | null | undefined;
  dropout?: number | undefined;
  actFn?: "silu" | "swish" | "mish" | "gelu" | "relu" | undefined;
  attentionHeadDim?: number | null | undefined;
  normNumGroups?: number | null | undefined;
  attnNormNumGroups?: number | null | undefined;
  normEps?: number | undefined;
  resnetTimeScaleShift?: "default" | "scale_shift" | undefined;
  addAttention?: boolean | undefined;
  classEmbedType?: "timestep" | "identity" | null | undefined;
  numClassEmbeds?: number | null | undefined;
  numTrainTimesteps?: number | null | undefined;
}

/** Options of {@link unet2d}; meanings, ranges and defaults are in its schema. */
export interface Unet2dOptions extends UNet2DModelConfig, InputOptions, OutputOptions {
  channels?: number | undefined;
  learnsVariance?: boolean | undefined;
  classNone?: boolean | undefined;
}

const types = <Type extends string>(kinds: Readonly<Record<Type, unknown>>): z.ZodType<Type[], Type[]> =>
  z.array(z.enum(Object.keys(kinds) as [Type, ...Type[]]));

/** The options of diffusers' UNet2DModel under its names, in camel case. */
const modelOptions = {
  sampleSize: z
    .union([positiveInteger, z.array(positiveInteger)])
    .nullish()
    .describe("side of the images, or height and width; not used by the network"),
  inChannels: positiveInteger
    .optional()
    .describe("channels of the input, as the reference counts them: channels and imageChannels follow"),
  outChannels: positiveInteger
    .optional()
    .describe(
      "channels of the output: as inChannels; twice for a learned variance; fewer for image conditioning; 3 with inChannels",
    ),
  centerInputSample: z
    .boolean()
    .default(false)
    .describe("images are in [0, 1] and are moved to [−1, 1] first"),
  timeEmbeddingType: z
    .enum(["positional", "fourier", "learned"])
    .default("positional")
    .describe(
      "sinusoids of the noise level; random waves of its logarithm, the output divided by it; a table",
    ),
  timeEmbeddingDim: positiveInteger
    .nullish()
    .describe("width of the embedding; 4 times the first level's when left out"),
  freqShift: z.number().default(0).describe("the frequencies' denominator is half the width less this"),
  flipSinToCos: z.boolean().default(true).describe("cosines before sines"),
  downBlockTypes: types(downKinds)
    .default(["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"])
    .describe("type of each level on the way down, the finest first"),
  midBlockType: z
    .literal("UNetMidBlock2D")
    .nullable()
    .default("UNetMidBlock2D")
    .describe("blocks between the way down and the way up; null: none"),
  upBlockTypes: types(upKinds)
    .optional()
    .describe("type of each level on the way up, the coarsest first; like downBlockTypes when left out"),
  blockOutChannels: z
    .array(positiveInteger)
    .min(1)
    .default([224, 448, 672, 896])
    .describe("channels of each level"),
  layersPerBlock: positiveInteger
    .default(2)
    .describe("residual blocks per level down; one more per level up"),
  midBlockScaleFactor: z
    .number()
    .positive()
    .default(1)
    .describe("divides every sum of branch and input in the middle"),
  downsamplePadding: z
    .union([z.literal(0), z.literal(1)])
    .default(1)
    .describe("of the strided convolution; 0 pads at the right and bottom"),
  downsampleType: resample.describe("of levels with attention: a strided convolution, or a residual block"),
  upsampleType: resample.describe(
    "of levels with attention: repeating and a convolution, or a residual block",
  ),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each residual block"),
  actFn: z
    .enum(["silu", "swish", "mish", "gelu", "relu"])
    .default("silu")
    .describe("activation of the residual blocks; swish is silu"),
  attentionHeadDim: positiveInteger
    .nullable()
    .default(8)
    .describe("channels per attention head; null: one head"),
  normNumGroups: positiveInteger
    .nullable()
    .default(32)
    .describe("groups of the norms; null, for skip levels only: a quarter of the channels, at most 32"),
  attnNormNumGroups: positiveInteger
    .nullish()
    .describe("groups of the middle attention's norm; left out: those of the blocks, none with scale_shift"),
  normEps: z.number().positive().default(1e-5).describe("added to the variance in the norms"),
  resnetTimeScaleShift: z
    .enum(["default", "scale_shift"])
    .default("default")
    .describe("the embedding is added, or scales and shifts the norms"),
  addAttention: z.boolean().default(true).describe("attention between the two blocks of the middle"),
  classEmbedType: z
    .enum(["timestep", "identity"])
    .nullish()
    .describe("labels as sinusoids; or embeddings given as condition.vector; left out: a learned table"),
  numClassEmbeds: positiveInteger
    .nullish()
    .describe("classes of the labels; left out, the network takes none"),
  numTrainTimesteps: positiveInteger.nullish().describe("rows of a learned table of the noise level"),
};

/** Notes in a `config.json` that do not concern the network. */
const notes = {
  _class_name: z
    .literal("UNet2DModel")
    .optional()
    .describe("accepted, so that a config.json is read as it is"),
  _diffusers_version: z.string().optional().describe("accepted, so that a config.json is read as it is"),
  _name_or_path: z.string().optional().describe("accepted, so that a config.json is read as it is"),
};

/** Options of {@link unet2d}: a `config.json` of diffusers in camel case, and what other networks here take, too. */
const options = {
  ...notes,
  ...modelOptions,
  channels: positiveInteger.optional().describe("channels of the images; 3 when left out"),
  learnsVariance: z.boolean().optional().describe("twice the channels out, the second half for the variance"),
  classNone: z
    .boolean()
    .default(false)
    .describe("a learned row for no class; without one, as published, no class adds nothing"),
  ...inputOptions,
  ...outputOptions,
};

/** Hugging Face diffusers' unconditional U-Net, for any published configuration. */
export const unet2d: Plugin<Unet2dOptions, Denoiser> = plugin({
  name: "unet2d",
  about:
    "diffusers' UNet2DModel, its config.json in camel case: levels with attention, with an image next to the features.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_2d.py",
  options,
  create: (config) => unet2dNetwork(structureOf(config)),
});
