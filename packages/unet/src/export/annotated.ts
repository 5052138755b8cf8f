import type { AnnotatedOptions } from "../nets/annotated.ts";
import { channelCounts, outDim } from "./channel-counts.ts";
import type { Writer } from "./writer.ts";

/** Arguments of the annotated-diffusion notebook's Unet. */
export const annotatedWriter: Writer = {
  denoisers: ["annotated"],
  arguments: (given: Required<AnnotatedOptions>) => ({
    dim: given.dim,
    init_dim: given.initDim ?? null,
    out_dim: outDim(given),
    dim_mults: given.multipliers,
    channels: channelCounts(given).taken,
    with_time_emb: given.toldNoise,
    resnet_block_groups: given.groups,
    use_convnext: given.block === "convnext",
    convnext_mult: given.expansion,
    norm: given.norm,
  }),
};
