/**
 * For networks of your own: scopes, initialisers, layers, and what the networks here are made from.
 *
 * @packageDocumentation
 */
export { classOption } from "./class-option.ts";
export { denoiserFrom, type Network } from "./denoiser-from.ts";
export type { Cost, DescribeOptions, Description, LayerCost } from "./describe.ts";
export {
  type Fans,
  fixed,
  hoInit,
  type Initialiser,
  type KernelInit,
  normal,
  ones,
  torchInit,
  uniform,
  zeroInit,
  zeros,
} from "./initialisers.ts";
export { type InputOptions, inputChannels, inputOptions, inputsOf } from "./input.ts";
export { type Part, recomputable, recomputed, recomputedInPortions } from "./layers/blocks/recompute.ts";
export * from "./layers/index.ts";
export type { AnnotatedOptions } from "./nets/annotated.ts";
export type { AnnotatedLaterOptions } from "./nets/annotated-later.ts";
export type { DataflowrOptions } from "./nets/dataflowr.ts";
export type { DhariwalOptions } from "./nets/dhariwal.ts";
export { type DitOptions, ditChannels, ditShape } from "./nets/dit.ts";
export { edmAttention } from "./nets/edm-attention.ts";
export { type GuidedOptions, guidedAttention } from "./nets/guided.ts";
export type { HoOptions } from "./nets/ho.ts";
export { type LabmlOptions, labmlWidths } from "./nets/labml.ts";
export { type LucidrainsOptions, lucidrainsFullAttention } from "./nets/lucidrains/unet.ts";
export type { Lucidrains1dOptions } from "./nets/lucidrains/unet-1d.ts";
export type { MlpOptions } from "./nets/mlp.ts";
export type { NanoOptions } from "./nets/nano.ts";
export type { CloudCode, PointEncoder } from "./nets/points/point-encoder.ts";
export type { PointnetOptions } from "./nets/points/pointnet.ts";
export type { PointwiseOptions } from "./nets/points/pointwise.ts";
export type { SongOptions } from "./nets/song.ts";
export type { Unet1dOptions } from "./nets/unet1d/index.ts";
export { CUBIC } from "./nets/unet1d/stages.ts";
export { type CompleteConfig1D, type Structure1D, structureOf1D } from "./nets/unet1d/structure.ts";
export type { UNet2DModelConfig, Unet2dOptions } from "./nets/unet2d/index.ts";
export { type LevelKind, upTypeOf } from "./nets/unet2d/kinds.ts";
export { skipGroups } from "./nets/unet2d/parts.ts";
export { type CompleteConfig, type Structure, structureOf } from "./nets/unet2d/structure.ts";
export type {
  CompleteConditionConfig,
  UNet2DConditionModelConfig,
  Unet2dConditionOptions,
} from "./nets/unet2d-condition/config.ts";
export { type ConditionStructure, conditionStructureOf } from "./nets/unet2d-condition/structure.ts";
export { headChannels, type OutputOptions, outputOptions } from "./output.ts";
export { positiveInteger } from "./positive-integer.ts";
export { type ChannelOptions, type Channels, channelsIn, channelsOf } from "./reference-channels.ts";
export { type Declared, initialParams, type Layer, type Run, type Scope, scope } from "./scope.ts";
