import type { AnnotatedOptions } from "@ddpm/unet";
import { channelsOf } from "@ddpm/unet/authoring";
import { z } from "zod";
import { type Family, family } from "../family.ts";
import { channelCounts, outDim } from "../network/channel-counts.ts";
import { column } from "../weights/layouts.ts";
import { type Rules, renaming } from "../weights/names.ts";

const positive = z.number().int().positive();

const options = {
  dim: positive.describe("width that the multipliers multiply"),
  init_dim: positive.nullish().describe("channels after the first convolution"),
  out_dim: positive.nullish().describe("channels of the output; channels when null"),
  dim_mults: z.array(positive).default([1, 2, 4, 8]).describe("channels of each level, in dims"),
  channels: positive.default(3).describe("channels of the images"),
  with_time_emb: z.boolean().default(true).describe("whether the network receives the noise level"),
  resnet_block_groups: positive.default(8).describe("groups of the norms in ResNet blocks"),
  use_convnext: z.boolean().default(true).describe("ConvNeXt blocks instead of ResNet blocks"),
  convnext_mult: positive.default(2).describe("hidden channels per output channel in ConvNeXt blocks"),
  norm: z.enum(["group", "layer"]).default("group").describe("layer: the text of 2022"),
};

const source = "huggingface/notebooks examples/annotated_diffusion.ipynb, class Unet";

/** Networks and state dicts of the annotated-diffusion notebook, and of the 2022 text with `norm: "layer"`. */
export const annotated: Family = family({
  name: "annotated",
  about: "Unet of The Annotated Diffusion Model, first version.",
  source,
  options,
  networks: {
    annotated: {
      arguments: (given: Required<AnnotatedOptions>) => ({
        dim: given.dim,
        init_dim: given.initDim ?? null,
        out_dim: outDim(given),
        dim_mults: given.multipliers,
        channels: channelCounts(given).taken,
        with_time_emb: given.withTimeEmb,
        resnet_block_groups: given.groups,
        use_convnext: given.block === "convnext",
        convnext_mult: given.expansion,
        norm: given.norm,
      }),
      resolve: (given: Required<AnnotatedOptions>) => ({
        initDim: given.initDim ?? Math.floor(given.dim / 3) * 2,
        ...(given.block === "resnet" ? { expansion: undefined } : { groups: undefined }),
      }),
    },
  },
  create(given) {
    const block = given.use_convnext ? "convnext" : "resnet";
    const rename = renaming(rules(given.dim_mults.length, block));
    return {
      spec: {
        name: "annotated",
        ...channelsOf(given.channels, given.out_dim ?? given.channels),
        withTimeEmb: given.with_time_emb,
        dim: given.dim,
        ...(given.init_dim ? { initDim: given.init_dim } : {}),
        multipliers: given.dim_mults,
        block,
        groups: given.resnet_block_groups,
        expansion: given.convnext_mult,
        norm: given.norm,
      },
      names(ours) {
        const theirs = rename(ours);
        if (given.norm === "group" || !/\.(scale|shift)$/.test(ours.name) || isGroupNorm(ours.name)) {
          return theirs;
        }
        const leaf = ours.name.endsWith(".scale") ? "g" : "b";
        return { name: theirs.name.replace(/\.\w+$/, `.${leaf}`), layout: column };
      },
    };
    function isGroupNorm(name: string): boolean {
      return block === "resnet" && /\.norm[12]\./.test(name);
    }
  },
});

function rules(levels: number, block: "resnet" | "convnext"): Rules {
  const parts: Rules =
    block === "resnet"
      ? [[/\.(conv|norm)([12])\./, (kind, index) => `.block${index}.${kind === "conv" ? "proj" : "norm"}.`]]
      : [
          [/\.conv0\./, ".ds_conv."],
          [/\.norm1\./, ".net.0."],
          [/\.conv1\./, ".net.1."],
          [/\.norm2\./, ".net.3."],
          [/\.conv2\./, ".net.4."],
        ];
  return [
    ...parts,
    [/^stem\./, "init_conv."],
    [/^time\.dense0\./, "time_mlp.1."],
    [/^time\.dense1\./, "time_mlp.3."],
    [/\.time\./, ".mlp.1."],
    [/\.shortcut\./, ".res_conv."],
    [/^mid\.block0\./, "mid_block1."],
    [/^mid\.block1\./, "mid_block2."],
    [/^mid\.attn\.out\./, "mid_attn.fn.fn.to_out."],
    [/^mid\.attn\./, "mid_attn.fn."],
    [/^out\.block\./, "final_conv.0."],
    [/^out\.conv\./, "final_conv.1."],
    [/^down\.(\d+)\./, "downs.$1."],
    [/^up\.(\d+)\./, (level) => `ups.${levels - 1 - Number(level)}.`],
    [/^(downs|ups)\.(\d+)\.(down|up)\./, "$1.$2.3."],
    [/\.block0\./, ".0."],
    [/\.block1\.(?!proj|norm)/, ".1."],
    [/\.attn\./, ".2.fn."],
    [/fn\.qkv\./, "fn.fn.to_qkv."],
    [/fn\.outNorm\./, "fn.fn.to_out.1."],
    [/fn\.out\./, "fn.fn.to_out.0."],
  ];
}
