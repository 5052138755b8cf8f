import { fail } from "@ddpm/core";
import type { AnnotatedLaterOptions } from "@ddpm/unet";
import { channelsOf } from "@ddpm/unet/authoring";
import { z } from "zod";
import { type Family, family } from "../family.ts";
import { channelCounts, outDim } from "../network/channel-counts.ts";
import { renaming } from "../weights/names.ts";
import { twinSkipLayout, twinSkipRules } from "./twin-skips.ts";

const positive = z.number().int().positive();

const options = {
  dim: positive.describe("width that the multipliers multiply"),
  init_dim: positive.nullish().describe("only what works as published: dim"),
  out_dim: positive.nullish().describe("channels of the output; channels when null"),
  dim_mults: z.array(positive).default([1, 2, 4, 8]).describe("channels of each level, in dims"),
  channels: positive.default(3).describe("channels of the images"),
  self_condition: z.boolean().default(false).describe("sees its own earlier guess"),
  resnet_block_groups: positive.default(4).describe("groups of the norms"),
};

/** Networks and state dicts of The Annotated Diffusion Model's later text. */
export const annotatedLater: Family = family({
  name: "annotated-later",
  about: "Unet of The Annotated Diffusion Model, later text.",
  source: "huggingface/blog annotated-diffusion.md, from October 2023",
  options,
  networks: {
    "annotated-later": {
      arguments: (given: Required<AnnotatedLaterOptions>) => ({
        dim: given.dim,
        init_dim: null,
        out_dim: outDim(given),
        dim_mults: given.multipliers,
        channels: channelCounts(given).taken,
        self_condition: given.selfCondition,
        resnet_block_groups: given.groups,
      }),
    },
  },
  create({ dim, init_dim, out_dim, dim_mults, channels, self_condition, resnet_block_groups }) {
    if ((init_dim ?? dim) !== dim) {
      fail(
        "exchange/annotated-later",
        `init_dim is ${init_dim}, expected dim, ${dim}.`,
        "Its last block takes dim channels only.",
      );
    }
    return {
      spec: {
        name: "annotated-later",
        ...channelsOf(channels, out_dim ?? channels, self_condition),
        dim,
        multipliers: dim_mults,
        groups: resnet_block_groups,
        selfCondition: self_condition,
      },
      names: renaming(
        [
          [/\.attn\.norm\./, ".attn.fn.norm."],
          [/\.attn\.qkv\./, ".attn.fn.fn.to_qkv."],
          [/\.attn\.outNorm\./, ".attn.fn.fn.to_out.1."],
          [/^mid\.attn\.out\./, "mid.attn.fn.fn.to_out."],
          [/\.attn\.out\./, ".attn.fn.fn.to_out.0."],
          ...twinSkipRules(dim_mults.length),
        ],
        twinSkipLayout,
      ),
    };
  },
});
