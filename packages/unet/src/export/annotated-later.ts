import type { AnnotatedLaterOptions } from "../nets/annotated-later.ts";
import type { Writer } from "./writer.ts";

/** Arguments of the later annotated-diffusion text's Unet. */
export const annotatedLaterWriter: Writer = {
  denoisers: ["annotated-later"],
  arguments: (given: Required<AnnotatedLaterOptions>) => ({
    dim: given.dim,
    init_dim: null,
    out_dim:
      given.learnsVariance || given.imageChannels ? (given.learnsVariance ? 2 : 1) * given.channels : null,
    dim_mults: given.multipliers,
    channels: given.channels + (given.imageChannels ?? 0),
    self_condition: given.selfCondition,
    resnet_block_groups: given.groups,
  }),
};
