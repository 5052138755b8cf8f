import type { GuidedOptions } from "../nets/guided.ts";
import { channelCounts } from "./channel-counts.ts";
import { sideOf, type Writer } from "./writer.ts";

/** Arguments of guided-diffusion's UNetModel. */
export const openaiWriter: Writer = {
  denoisers: ["guided"],
  arguments: (given: Required<GuidedOptions>, size) => ({
    image_size: sideOf(size),
    in_channels: channelCounts(given).taken,
    model_channels: given.width,
    out_channels: channelCounts(given).made,
    num_res_blocks: given.blocks,
    attention_resolutions: given.attention.map((level) => 2 ** level),
    dropout: given.dropout,
    channel_mult: given.multipliers,
    conv_resample: given.resample !== "pool",
    dims: 2,
    num_classes: given.classes ?? null,
    use_checkpoint: false,
    use_fp16: false,
    num_heads: given.heads,
    num_head_channels: given.headWidth ?? -1,
    num_heads_upsample: given.headsUp ?? -1,
    use_scale_shift_norm: given.scaleShift,
    resblock_updown: given.resample === "block",
    use_new_attention_order: given.qkvLayout === "kinds",
  }),
};
