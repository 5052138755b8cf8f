import type { AnnotatedLaterOptions } from "../nets/annotated-later.ts";
import { channelCounts, outDim } from "./channel-counts.ts";
import type { Writer } from "./writer.ts";

/** Arguments of the later annotated-diffusion text's Unet. */
export const annotatedLaterWriter: Writer = {
  denoisers: ["annotated-later"],
  arguments: (given: Required<AnnotatedLaterOptions>) => ({
    dim: given.dim,
    init_dim: null,
    out_dim: outDim(given),
    dim_mults: given.multipliers,
    channels: channelCounts(given).taken,
    self_condition: given.selfCondition,
    resnet_block_groups: given.groups,
  }),
};
