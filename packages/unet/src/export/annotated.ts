import type { AnnotatedOptions } from "../nets/annotated.ts";
import type { Writer } from "./writer.ts";

/** Arguments of the annotated-diffusion notebook's Unet. */
export const annotatedWriter: Writer = {
  denoisers: ["annotated"],
  arguments: (given: Required<AnnotatedOptions>) => ({
    dim: given.dim,
    init_dim: given.initDim ?? null,
    out_dim:
      given.learnsVariance || given.imageChannels ? (given.learnsVariance ? 2 : 1) * given.channels : null,
    dim_mults: given.multipliers,
    channels: given.channels + (given.imageChannels ?? 0),
    with_time_emb: given.toldNoise,
    resnet_block_groups: given.groups,
    use_convnext: given.block === "convnext",
    convnext_mult: given.expansion,
    norm: given.norm,
  }),
};
