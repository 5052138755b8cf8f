/**
 * For networks of your own: scopes, initialisers, layers, and what the networks here are made from.
 *
 * @packageDocumentation
 */
export { classOption } from "./class-option.ts";
export { denoiserFrom, type Network } from "./denoiser-from.ts";
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
export { ditChannels, ditShape } from "./nets/dit.ts";
export { edmAttention } from "./nets/edm-attention.ts";
export { guidedAttention } from "./nets/guided.ts";
export { labmlWidths } from "./nets/labml.ts";
export { lucidrainsFullAttention } from "./nets/lucidrains.ts";
export { type LevelKind, upTypeOf } from "./nets/unet2d/kinds.ts";
export { skipGroups } from "./nets/unet2d/parts.ts";
export { type CompleteConfig, type Structure, structureOf } from "./nets/unet2d/structure.ts";
export { headChannels, type OutputOptions, outputOptions } from "./output.ts";
export { type ChannelOptions, type Channels, channelsIn, channelsOf } from "./reference-channels.ts";
export { type Declared, type Layer, type Run, type Scope, scope } from "./scope.ts";
