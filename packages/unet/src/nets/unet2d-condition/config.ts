import type { InputOptions } from "../../input.ts";
import type { OutputOptions } from "../../output.ts";
import type { ConditionDownType, ConditionMiddleType, ConditionUpType } from "./kinds.ts";

type Activation = "silu" | "swish" | "mish" | "gelu" | "relu";

/** The fields of a `config.json` of diffusers' UNet2DConditionModel; meanings, ranges and defaults are in its schema. */
export interface UNet2DConditionModelConfig {
  _class_name?: "UNet2DConditionModel" | undefined;
  _diffusers_version?: string | undefined;
  _name_or_path?: string | undefined;
  sampleSize?: number | number[] | null | undefined;
  inChannels?: number | undefined;
  outChannels?: number | undefined;
  centerInputSample?: boolean | undefined;
  flipSinToCos?: boolean | undefined;
  freqShift?: number | undefined;
  downBlockTypes?: ConditionDownType[] | undefined;
  midBlockType?: ConditionMiddleType | null | undefined;
  upBlockTypes?: ConditionUpType[] | undefined;
  onlyCrossAttention?: boolean | boolean[] | undefined;
  blockOutChannels?: number[] | undefined;
  layersPerBlock?: number | number[] | undefined;
  downsamplePadding?: 0 | 1 | undefined;
  midBlockScaleFactor?: number | undefined;
  dropout?: number | undefined;
  actFn?: Activation | undefined;
  normNumGroups?: number | null | undefined;
  normEps?: number | undefined;
  crossAttentionDim?: number | number[] | null | undefined;
  transformerLayersPerBlock?: number | (number | number[])[] | undefined;
  reverseTransformerLayersPerBlock?: (number | number[])[] | null | undefined;
  encoderHidDim?: number | null | undefined;
  encoderHidDimType?: "text_proj" | "image_proj" | "text_image_proj" | null | undefined;
  attentionHeadDim?: number | (number | null)[] | undefined;
  numAttentionHeads?: null | undefined;
  dualCrossAttention?: false | undefined;
  useLinearProjection?: boolean | undefined;
  classEmbedType?: "timestep" | "identity" | "projection" | "simple_projection" | null | undefined;
  additionEmbedType?: "text" | "text_time" | "image" | "text_image" | null | undefined;
  additionTimeEmbedDim?: number | null | undefined;
  numClassEmbeds?: number | null | undefined;
  upcastAttention?: boolean | null | undefined;
  resnetTimeScaleShift?: "default" | "scale_shift" | undefined;
  resnetSkipTimeAct?: boolean | undefined;
  resnetOutScaleFactor?: number | undefined;
  timeEmbeddingType?: "positional" | "fourier" | undefined;
  timeEmbeddingDim?: number | null | undefined;
  timeEmbeddingActFn?: Activation | null | undefined;
  timestepPostAct?: Activation | null | undefined;
  timeCondProjDim?: number | null | undefined;
  convInKernel?: number | undefined;
  convOutKernel?: number | undefined;
  projectionClassEmbeddingsInputDim?: number | null | undefined;
  attentionType?: "default" | undefined;
  classEmbeddingsConcat?: boolean | undefined;
  midBlockOnlyCrossAttention?: boolean | null | undefined;
  crossAttentionNorm?: "layer_norm" | "group_norm" | null | undefined;
  additionEmbedTypeNumHeads?: number | undefined;
}

/** Options of {@link unet2dCondition}; meanings, ranges and defaults are in its schema. */
export interface Unet2dConditionOptions extends UNet2DConditionModelConfig, InputOptions, OutputOptions {
  channels?: number | undefined;
  learnsVariance?: boolean | undefined;
  classNone?: boolean | undefined;
  timeIds?: number | undefined;
}

/** Fields with a default. */
type Filled =
  | "centerInputSample"
  | "flipSinToCos"
  | "freqShift"
  | "downBlockTypes"
  | "upBlockTypes"
  | "onlyCrossAttention"
  | "blockOutChannels"
  | "layersPerBlock"
  | "downsamplePadding"
  | "midBlockScaleFactor"
  | "dropout"
  | "actFn"
  | "normEps"
  | "transformerLayersPerBlock"
  | "attentionHeadDim"
  | "useLinearProjection"
  | "resnetTimeScaleShift"
  | "resnetSkipTimeAct"
  | "resnetOutScaleFactor"
  | "timeEmbeddingType"
  | "convInKernel"
  | "convOutKernel"
  | "classEmbeddingsConcat"
  | "additionEmbedTypeNumHeads"
  | "classNone"
  | "timeIds";

/** Checked options of {@link unet2dCondition}, defaults filled in. */
export type CompleteConditionConfig = Omit<
  Unet2dConditionOptions,
  Filled | "midBlockType" | "normNumGroups"
> & {
  [Name in Filled]-?: NonNullable<Unet2dConditionOptions[Name]>;
} & { midBlockType: ConditionMiddleType | null; normNumGroups: number | null };
