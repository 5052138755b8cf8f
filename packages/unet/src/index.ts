export { denoiserFrom, type Network } from "./denoiser-from.ts";
export { denoisers } from "./denoisers.ts";
export { type Cost, type DescribeOptions, type Description, describe, type LayerCost } from "./describe.ts";
export { freeze } from "./freeze.ts";
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
export * from "./layers/index.ts";
export { type Part, recomputable, recomputed, recomputedInPortions } from "./layers/recompute.ts";
export { type AnnotatedOptions, annotated } from "./nets/annotated.ts";
export { type AnnotatedLaterOptions, annotatedLater } from "./nets/annotated-later.ts";
export { type DataflowrOptions, dataflowr } from "./nets/dataflowr.ts";
export { type DhariwalOptions, dhariwal } from "./nets/dhariwal.ts";
export { type DitOptions, dit } from "./nets/dit.ts";
export { type GuidedOptions, guided } from "./nets/guided.ts";
export { type HoOptions, ho } from "./nets/ho.ts";
export { type LabmlOptions, labml } from "./nets/labml.ts";
export { type LucidrainsOptions, lucidrains } from "./nets/lucidrains.ts";
export { type MlpOptions, mlp } from "./nets/mlp.ts";
export { type NanoOptions, nano } from "./nets/nano.ts";
export { type SongOptions, song } from "./nets/song.ts";
export { type UNet2DModelConfig, type Unet2dOptions, unet2d } from "./nets/unet2d/index.ts";
export { headChannels, type OutputOptions, outputOptions } from "./output.ts";
export { type Declared, type Layer, type Run, type Scope, scope } from "./scope.ts";
