import { fail } from "@ddpm/core";
import { type DitOptions, ditShape } from "../nets/dit.ts";
import { channelCounts } from "./channel-counts.ts";
import type { Writer } from "./writer.ts";

/** Arguments of DiT. */
export const ditWriter: Writer = {
  denoisers: ["dit"],
  arguments(given: Required<DitOptions>) {
    const { depth, width, heads } = ditShape(given);
    const [side, across = side] = [given.pixels].flat();
    if (side !== across) {
      fail("unet/dit", `images of ${side} × ${across} pixels.`, "It has one side for height and width.");
    }
    if (!given.classes) fail("unet/dit", "the network takes no classes, and its networks all do.");
    return {
      input_size: side,
      patch_size: given.patch,
      in_channels: given.channels,
      hidden_size: width,
      depth,
      num_heads: heads,
      mlp_ratio: given.expansion,
      class_dropout_prob: given.classNone ? 0.1 : 0,
      num_classes: given.classes,
      learn_sigma: channelCounts(given).made === 2 * given.channels,
    };
  },
};
