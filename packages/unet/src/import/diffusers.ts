import { fail, plugin, type Spec } from "@ddpm/core";
import { z } from "zod";
import { type Family, type Rules, renaming, usualLayout } from "./foreign.ts";
import { pixelLinear } from "./layouts.ts";

const positive = z.number().int().positive();
const resample = z.enum(["conv", "resnet"]).default("conv");

const options = {
  sample_size: z
    .union([positive, z.array(positive)])
    .nullish()
    .describe("not used by the network"),
  in_channels: positive.default(3).describe("channels of the images"),
  out_channels: positive.default(3).describe("like in_channels, or twice as many for learned variances"),
  center_input_sample: z.boolean().default(false).describe("images come in [0, 1]"),
  time_embedding_type: z.literal("positional").default("positional").describe("sinusoidal ones only"),
  time_embedding_dim: positive.nullish().describe("width of the embedding"),
  freq_shift: z.number().default(0).describe("denominator of the frequencies"),
  flip_sin_to_cos: z.boolean().default(true).describe("cosines first"),
  down_block_types: z
    .array(z.enum(["DownBlock2D", "AttnDownBlock2D"]))
    .default(["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"])
    .describe("by level, the finest first"),
  mid_block_type: z.literal("UNetMidBlock2D").nullish().describe("the usual middle only"),
  up_block_types: z
    .array(z.enum(["UpBlock2D", "AttnUpBlock2D"]))
    .default(["AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"])
    .describe("by level, the coarsest first"),
  block_out_channels: z.array(positive).default([224, 448, 672, 896]).describe("channels of each level"),
  layers_per_block: positive.default(2).describe("blocks per level"),
  mid_block_scale_factor: z.number().positive().default(1).describe("divides the sums of the middle"),
  downsample_padding: z
    .union([z.literal(0), z.literal(1)])
    .default(1)
    .describe("0 pads right and bottom"),
  downsample_type: resample.describe("of blocks with attention"),
  upsample_type: resample.describe("of blocks with attention"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate"),
  act_fn: z.enum(["silu", "swish"]).default("silu").describe("the same under two names"),
  attention_head_dim: positive.nullish().default(8).describe("channels per head; one head for null"),
  norm_num_groups: positive.default(32).describe("groups of the norms"),
  attn_norm_num_groups: positive.nullish().describe("groups of the middle attention's norm"),
  norm_eps: z.number().positive().default(1e-5).describe("added to the variance"),
  resnet_time_scale_shift: z.enum(["default", "scale_shift"]).default("default").describe("adaptive norms"),
  add_attention: z.boolean().default(true).describe("attention in the middle"),
  class_embed_type: z.null().optional().describe("learned classes only"),
  num_class_embeds: positive.nullish().describe("classes of the labels"),
  num_train_timesteps: positive.nullish().describe("not used with sinusoidal embeddings"),
};

type Config = z.output<z.ZodObject<typeof options>>;

/** Networks and state dicts of diffusers' UNet2DModel, from the fields of its `config.json`. */
export const diffusersFamily: Family = plugin({
  name: "diffusers",
  about: "UNet2DModel of Hugging Face diffusers; the DDPM paper's shape becomes the network of that paper.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_2d.py",
  options,
  create(config) {
    const { in_channels, out_channels, block_out_channels, down_block_types, up_block_types } = config;
    const count = block_out_channels.length;
    if (down_block_types.length !== count || up_block_types.length !== count) {
      fail("unet/diffusers", `${count} widths need ${count} down and ${count} up block types.`);
    }
    if (out_channels !== in_channels && out_channels !== 2 * in_channels) {
      fail("unet/diffusers", `${out_channels} channels out of ${in_channels}: expected as many, or twice.`);
    }
    return {
      spec: specOf(config),
      names: renaming(rules(count), (ours) =>
        /attn\d*\.(q|k|v|out)\.kernel$/.test(ours.name) ? pixelLinear : usualLayout(ours),
      ),
    };
  },
});

function specOf(config: Config): Exclude<Spec, string> {
  const widths = config.block_out_channels;
  const attended = (types: readonly string[]): number[] =>
    types.flatMap((type, level) => (type.startsWith("Attn") ? [level] : []));
  const down = attended(config.down_block_types);
  const up = attended([...config.up_block_types].reverse());
  const first = widths[0]!;
  const scaleShift = config.resnet_time_scale_shift === "scale_shift";
  const asInThePaper =
    config.freq_shift === 1 &&
    !config.flip_sin_to_cos &&
    !config.center_input_sample &&
    (config.time_embedding_dim ?? 4 * first) === 4 * first &&
    config.in_channels === config.out_channels &&
    config.mid_block_scale_factor === 1 &&
    config.downsample_type === "conv" &&
    config.upsample_type === "conv" &&
    config.attention_head_dim == null &&
    config.attn_norm_num_groups == null &&
    config.num_class_embeds == null &&
    config.add_attention &&
    !scaleShift &&
    down.join() === up.join() &&
    widths.every((width) => width % first === 0 && width % config.norm_num_groups === 0);
  const shared = {
    channels: config.in_channels,
    blocks: config.layers_per_block,
    dropout: config.dropout,
    groups: config.norm_num_groups,
    eps: config.norm_eps,
    padding: config.downsample_padding === 0 ? "same" : "symmetric",
  };
  if (asInThePaper) {
    const multipliers = widths.map((width) => width / first);
    return { name: "ho", ...shared, width: first, multipliers, attention: down, groupSize: 1 };
  }
  return {
    name: "unet2d",
    ...shared,
    learnsVariance: config.in_channels !== config.out_channels,
    widths,
    attentionDown: down,
    attentionUp: up,
    attentionMiddle: config.add_attention,
    middleNorm: config.attn_norm_num_groups ?? (scaleShift ? null : config.norm_num_groups),
    middleScale: config.mid_block_scale_factor,
    ...(config.attention_head_dim ? { headWidth: config.attention_head_dim } : {}),
    scaleShift,
    halving: config.downsample_type === "resnet" ? "block" : "conv",
    doubling: config.upsample_type === "resnet" ? "block" : "conv",
    cosFirst: config.flip_sin_to_cos,
    frequencyShift: config.freq_shift,
    ...(config.time_embedding_dim ? { embedding: config.time_embedding_dim } : {}),
    centre: config.center_input_sample,
    ...(config.num_class_embeds ? { classes: config.num_class_embeds, classNone: false } : {}),
  };
}

function rules(levels: number): Rules {
  return [
    [/\.time\./, ".time_emb_proj."],
    [/\.shortcut\./, ".conv_shortcut."],
    [/(attn\d*)\.norm\./, "$1.group_norm."],
    [/(attn\d*)\.([qkv])\./, "$1.to_$2."],
    [/(attn\d*)\.out\./, "$1.to_out.0."],
    [/^stem\./, "conv_in."],
    [/^time\.dense0\./, "time_embedding.linear_1."],
    [/^time\.dense1\./, "time_embedding.linear_2."],
    [/^labels\./, "class_embedding."],
    [/^out\.norm\./, "conv_norm_out."],
    [/^out\.conv\./, "conv_out."],
    [/^mid\.res(\d)\./, "mid_block.resnets.$1."],
    [/^mid\.attn\./, "mid_block.attentions.0."],
    [/^down\.(\d+)\./, "down_blocks.$1."],
    [/^up\.(\d+)\./, (level) => `up_blocks.${levels - 1 - Number(level)}.`],
    [/\.res(\d+)\./, ".resnets.$1."],
    [/\.attn(\d+)\./, ".attentions.$1."],
    [/^(down|up)(_blocks\.\d+)\.(down|up)\.(kernel|bias)/, "$1$2.$3samplers.0.conv.$4"],
    [/^(down|up)(_blocks\.\d+)\.(down|up)\./, "$1$2.$3samplers.0."],
  ];
}
