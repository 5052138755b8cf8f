import type { LabmlOptions } from "../nets/labml.ts";
import type { Writer } from "./writer.ts";

/** Arguments of labml.ai's UNet. */
export const labmlWriter: Writer = {
  denoisers: ["labml"],
  arguments: (given: Required<LabmlOptions>) => ({
    image_channels: given.channels,
    n_channels: given.width,
    ch_mults: given.multipliers,
    is_attn: given.multipliers.map((_, level) => given.attention.includes(level)),
    n_blocks: given.blocks,
  }),
};
