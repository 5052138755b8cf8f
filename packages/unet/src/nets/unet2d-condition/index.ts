import type { Denoiser, Plugin } from "@ddpm/core";
import * as z from "zod";
import { inputOptions } from "../../input.ts";
import { outputOptions } from "../../output.ts";
import { plugin } from "../../plugin.ts";
import { positiveInteger } from "../../positive-integer.ts";
import type { CompleteConditionConfig, Unet2dConditionOptions } from "./config.ts";
import { downKinds, middleKinds, upKinds } from "./kinds.ts";
import { unet2dConditionNetwork } from "./network.ts";
import { conditionStructureOf } from "./structure.ts";

const types = <Type extends string>(kinds: Readonly<Record<Type, unknown>>): z.ZodType<Type[], Type[]> =>
  z.array(z.enum(Object.keys(kinds) as [Type, ...Type[]]));
const kernel = positiveInteger.refine((size) => size % 2 === 1, "an odd number");
const activation = z.enum(["silu", "swish", "mish", "gelu", "relu"]);
const layers = z.array(z.union([positiveInteger, z.array(positiveInteger)]));
const flag = z.boolean().default(false);

/** Sizes, channels, levels. */
const shape = {
  sampleSize: z
    .union([positiveInteger, z.array(positiveInteger)])
    .nullish()
    .describe("side of the images, or height and width; not used by the network"),
  inChannels: positiveInteger
    .optional()
    .describe("channels of the input, as the reference counts them: channels and imageChannels follow"),
  outChannels: positiveInteger
    .optional()
    .describe("channels of the output: twice those of the images for a learned variance; 4 with inChannels"),
  centerInputSample: flag.describe("images are in [0, 1] and are moved to [−1, 1] first"),
  downBlockTypes: types(downKinds)
    .default(["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"])
    .describe("type of each level on the way down, the finest first"),
  midBlockType: z
    .enum(Object.keys(middleKinds) as [keyof typeof middleKinds])
    .nullable()
    .default("UNetMidBlock2DCrossAttn")
    .describe("blocks between the way down and the way up; null: none"),
  upBlockTypes: types(upKinds)
    .default(["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"])
    .describe("type of each level on the way up, the coarsest first"),
  blockOutChannels: z
    .array(positiveInteger)
    .min(1)
    .default([320, 640, 1280, 1280])
    .describe("channels of each level"),
  layersPerBlock: z
    .union([positiveInteger, z.array(positiveInteger)])
    .default(2)
    .describe("residual blocks per level down, or of each level; one more per level up"),
  convInKernel: kernel.default(3).describe("kernel of the first convolution"),
  convOutKernel: kernel.default(3).describe("kernel of the last convolution"),
};

/** Residual blocks. */
const blocks = {
  downsamplePadding: z
    .union([z.literal(0), z.literal(1)])
    .default(1)
    .describe("of the strided convolution; 0 pads at the right and bottom"),
  midBlockScaleFactor: z
    .number()
    .positive()
    .default(1)
    .describe("divides the sums of residual blocks in the middle"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each residual block"),
  actFn: activation.default("silu").describe("activation of the residual blocks; swish is silu"),
  normNumGroups: positiveInteger
    .nullable()
    .default(32)
    .describe("groups of the norms; null, for K levels only: no norm at the end"),
  normEps: z.number().positive().default(1e-5).describe("added to the variance in the norms"),
  resnetTimeScaleShift: z
    .enum(["default", "scale_shift"])
    .default("default")
    .describe("the embedding is added, or scales and shifts the norms"),
  resnetSkipTimeAct: flag.describe("levels that resample in blocks receive the embedding without activation"),
  resnetOutScaleFactor: z
    .number()
    .positive()
    .default(1)
    .describe("divides the sums of residual blocks in levels that resample in blocks"),
};

/** Attention. */
const attention = {
  onlyCrossAttention: z
    .union([z.boolean(), z.array(z.boolean())])
    .default(false)
    .describe("levels attend to the context alone, all or by level"),
  crossAttentionDim: z
    .union([positiveInteger, z.array(positiveInteger)])
    .nullable()
    .default(1280)
    .describe("width of the context's tokens, of all levels or of each"),
  transformerLayersPerBlock: z
    .union([positiveInteger, layers])
    .default(1)
    .describe("blocks per transformer: of all levels, of each, or of each transformer of each"),
  reverseTransformerLayersPerBlock: layers
    .nullish()
    .describe("the same for the way up, the coarsest level first; as on the way down when left out"),
  attentionHeadDim: z
    .union([positiveInteger, z.array(positiveInteger.nullable())])
    .default(8)
    .describe(
      "number of heads of transformers, channels per head of other attention; of all levels or of each",
    ),
  numAttentionHeads: z.null().optional().describe("null: the reference refuses numbers here"),
  dualCrossAttention: z
    .literal(false)
    .default(false)
    .describe("false: the reference's levels cannot run with true"),
  useLinearProjection: flag.describe(
    "how files store the transformers' projections: as matrices or convolutions",
  ),
  upcastAttention: z
    .boolean()
    .nullable()
    .default(false)
    .describe("float32 for attention, which it has here anyway"),
  attentionType: z
    .literal("default")
    .default("default")
    .describe("default: grounded generation (GLIGEN) is not there"),
  midBlockOnlyCrossAttention: z
    .boolean()
    .nullish()
    .describe("the middle attends to the context alone; like onlyCrossAttention when left out"),
  crossAttentionNorm: z
    .enum(["layer_norm", "group_norm"])
    .nullish()
    .describe("norm of the context in SimpleCrossAttn levels"),
};

/** Embeddings. */
const embeddings = {
  flipSinToCos: z.boolean().default(true).describe("cosines before sines"),
  freqShift: z.number().default(0).describe("the frequencies' denominator is half the width less this"),
  timeEmbeddingType: z
    .enum(["positional", "fourier"])
    .default("positional")
    .describe("sinusoids of the noise level, or random waves"),
  timeEmbeddingDim: positiveInteger
    .nullish()
    .describe("width of the embedding; 4 times the first level's when left out, twice with fourier"),
  timeEmbeddingActFn: activation.nullish().describe("activation of the whole embedding; left out: none"),
  timestepPostAct: activation.nullish().describe("activation of the noise level's part; left out: none"),
  timeCondProjDim: positiveInteger
    .nullish()
    .describe("numbers of condition.vector that join the noise level's waves: an embedding of the guidance"),
  classEmbedType: z
    .enum(["timestep", "identity", "projection", "simple_projection"])
    .nullish()
    .describe("labels as sinusoids, or numbers of condition.vector; left out: a learned table"),
  numClassEmbeds: positiveInteger
    .nullish()
    .describe("classes of the labels; left out, the network takes none"),
  projectionClassEmbeddingsInputDim: positiveInteger
    .nullish()
    .describe("numbers that classEmbedType projects, or those of additionEmbedType text_time"),
  classEmbeddingsConcat: flag.describe("the class's part is concatenated to the embedding instead of added"),
  additionEmbedType: z
    .enum(["text", "text_time", "image", "text_image"])
    .nullish()
    .describe(
      "what joins the embedding: the pooled context, hidden tokens included; numbers of condition.vector",
    ),
  additionTimeEmbedDim: positiveInteger.nullish().describe("sinusoids per number of text_time"),
  additionEmbedTypeNumHeads: positiveInteger.default(64).describe("heads that pool the context"),
  encoderHidDim: positiveInteger.nullish().describe("width of what the context is projected from"),
  encoderHidDimType: z
    .enum(["text_proj", "image_proj", "text_image_proj"])
    .nullish()
    .describe("what the context is projected from: tokens, an image's embedding, or both"),
};

const note = z.string().optional().describe("accepted, so that a config.json is read as it is");

/** Options of {@link unet2dCondition}: a `config.json` of diffusers in camel case, and what other networks here take, too. */
const options = {
  _class_name: z
    .literal("UNet2DConditionModel")
    .optional()
    .describe("accepted, so that a config.json is read as it is"),
  _diffusers_version: note,
  _name_or_path: note,
  ...shape,
  ...blocks,
  ...attention,
  ...embeddings,
  channels: positiveInteger.optional().describe("channels of the images; 4 when left out"),
  learnsVariance: z.boolean().optional().describe("twice the channels out, the second half for the variance"),
  classNone: flag.describe("a learned row for no class; without one, as published, no class adds nothing"),
  timeIds: positiveInteger
    .default(6)
    .describe("numbers of text_time next to the text's embedding: sizes and places"),
  ...inputOptions,
  ...outputOptions,
};

/** Hugging Face diffusers' conditional U-Net: those of Stable Diffusion 1, 2 and XL, and others of its shape. */
export const unet2dCondition: Plugin<Unet2dConditionOptions, Denoiser> = plugin({
  name: "unet2d-condition",
  about: "diffusers' UNet2DConditionModel, its config.json in camel case: attends to a context of tokens.",
  source: "Rombach et al. 2022; huggingface/diffusers src/diffusers/models/unets/unet_2d_condition.py",
  options,
  create: (config) => unet2dConditionNetwork(conditionStructureOf(config as CompleteConditionConfig)),
});
