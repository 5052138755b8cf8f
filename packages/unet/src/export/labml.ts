import { fail } from "@ddpm/core";
import { type LabmlOptions, labmlWidths } from "../nets/labml.ts";
import type { Writer } from "./writer.ts";

/** Arguments of labml.ai's UNet, in which each level multiplies the one before. */
export const labmlWriter: Writer = {
  denoisers: ["labml"],
  arguments(given: Required<LabmlOptions>) {
    const widths = [given.width, ...labmlWidths(given)];
    const growth = widths.slice(1).map((wide, level) => wide / widths[level]!);
    if (!growth.every(Number.isInteger)) {
      fail(
        "unet/labml",
        `levels of ${widths.slice(1).join(", ")} channels.`,
        "Its levels have whole multiples of the channels of the level before.",
      );
    }
    return {
      image_channels: given.channels,
      n_channels: given.width,
      ch_mults: growth,
      is_attn: given.multipliers.map((_, level) => given.attention.includes(level)),
      n_blocks: given.blocks,
    };
  },
};
