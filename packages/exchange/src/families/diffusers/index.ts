import { fail, type Spec } from "@ddpm/core";
import { z } from "zod";
import { type Family, family } from "../../family.ts";
import { type Channels, channelsOf } from "../../network/channels.ts";
import { argumentsOf } from "./arguments.ts";
import { downKinds, upKinds } from "./kinds.ts";
import { diffusersNames } from "./names.ts";
import { resolveHo, resolveUnet2d } from "./resolve.ts";

const positive = z.number().int().positive();
const resample = z.enum(["conv", "resnet"]).nullable().default("conv");

const options = {
  sample_size: z
    .union([positive, z.array(positive)])
    .nullish()
    .describe("not used by the network"),
  in_channels: positive.default(3).describe("channels of the input"),
  out_channels: positive
    .default(3)
    .describe(
      "channels of the output; twice in_channels for learned variances, fewer for image conditioning",
    ),
  center_input_sample: z.boolean().default(false).describe("images come in [0, 1]"),
  time_embedding_type: z
    .enum(["positional", "fourier", "learned"])
    .default("positional")
    .describe("waves of the noise, random waves of its logarithm, or a table"),
  time_embedding_dim: positive.nullish().describe("width of the embedding"),
  freq_shift: z.number().default(0).describe("denominator of the frequencies"),
  flip_sin_to_cos: z.boolean().default(true).describe("cosines first"),
  down_block_types: z
    .array(z.enum(Object.keys(downKinds) as (keyof typeof downKinds)[]))
    .default(["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"])
    .describe("by level, the finest first"),
  mid_block_type: z
    .literal("UNetMidBlock2D")
    .nullable()
    .default("UNetMidBlock2D")
    .describe("the usual middle, or none for null"),
  up_block_types: z
    .array(z.enum(Object.keys(upKinds) as (keyof typeof upKinds)[]))
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
  act_fn: z
    .enum(["silu", "swish", "mish", "gelu", "relu"])
    .default("silu")
    .describe("in the residual blocks; two names for one"),
  attention_head_dim: positive.nullish().default(8).describe("channels per head; one head for null"),
  norm_num_groups: positive
    .nullable()
    .default(32)
    .describe("groups of the norms; null for networks of skip blocks"),
  attn_norm_num_groups: positive.nullish().describe("groups of the middle attention's norm"),
  norm_eps: z.number().positive().default(1e-5).describe("added to the variance"),
  resnet_time_scale_shift: z.enum(["default", "scale_shift"]).default("default").describe("adaptive norms"),
  add_attention: z.boolean().default(true).describe("attention in the middle"),
  class_embed_type: z
    .enum(["timestep", "identity"])
    .nullish()
    .describe("waves of the label, or the labels are embeddings; a learned table for null"),
  num_class_embeds: positive.nullish().describe("classes of the labels"),
  num_train_timesteps: positive.nullish().describe("rows of a learned table of the noise"),
};

type Config = z.output<z.ZodObject<typeof options>>;

/** Networks and state dicts of diffusers' UNet2DModel, from the fields of its `config.json`. */
export const diffusers: Family = family({
  name: "diffusers",
  about: "UNet2DModel of Hugging Face diffusers; the DDPM paper's shape becomes the network of that paper.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_2d.py",
  options,
  networks: {
    ho: { arguments: argumentsOf, resolve: resolveHo },
    unet2d: { arguments: argumentsOf, resolve: resolveUnet2d },
  },
  create(config) {
    const { in_channels, out_channels, block_out_channels, down_block_types, up_block_types } = config;
    const count = block_out_channels.length;
    if (down_block_types.length !== count || up_block_types.length !== count) {
      fail("exchange/diffusers", `${count} widths need ${count} down and ${count} up block types.`);
    }
    const spec = specOf(config, channelsOf(in_channels, out_channels));
    return { spec, names: diffusersNames(down_block_types, up_block_types) };
  },
});

function specOf(config: Config, channels: Channels): Exclude<Spec, string> {
  const widths = config.block_out_channels;
  const down = config.down_block_types.map((type) => downKinds[type]);
  const up = config.up_block_types.map((type) => upKinds[type]).reverse();
  const groups = config.norm_num_groups;
  const usual = down.every((kind) => kind === "plain" || kind === "attention");
  const first = widths[0]!;
  const scaleShift = config.resnet_time_scale_shift === "scale_shift";
  const asInThePaper =
    config.freq_shift === 1 &&
    !config.flip_sin_to_cos &&
    !config.center_input_sample &&
    (config.time_embedding_dim ?? 4 * first) === 4 * first &&
    config.in_channels === config.out_channels &&
    config.mid_block_scale_factor === 1 &&
    config.downsample_type !== "resnet" &&
    config.upsample_type !== "resnet" &&
    config.attention_head_dim == null &&
    config.attn_norm_num_groups == null &&
    config.num_class_embeds == null &&
    config.class_embed_type == null &&
    config.time_embedding_type === "positional" &&
    config.mid_block_type !== null &&
    (config.act_fn === "silu" || config.act_fn === "swish") &&
    config.add_attention &&
    !scaleShift &&
    usual &&
    down.join() === up.join() &&
    groups !== null &&
    widths.every((width) => width % first === 0 && width % groups === 0);
  const shared = {
    channels: channels.channels,
    blocks: config.layers_per_block,
    dropout: config.dropout,
    groups,
    eps: config.norm_eps,
    padding: config.downsample_padding === 0 ? "same" : "symmetric",
  };
  if (asInThePaper) {
    const multipliers = widths.map((width) => width / first);
    const attention = down.flatMap((kind, level) => (kind === "attention" ? [level] : []));
    return { name: "ho", ...shared, width: first, multipliers, attention, groupSize: 1 };
  }
  return {
    name: "unet2d",
    ...shared,
    ...channels,
    widths,
    down,
    up,
    middle: config.mid_block_type !== null,
    attentionMiddle: config.add_attention,
    ...(config.attn_norm_num_groups
      ? { middleNorm: config.attn_norm_num_groups }
      : scaleShift
        ? { middleNorm: null }
        : {}),
    activation: config.act_fn === "swish" ? "silu" : config.act_fn,
    middleScale: config.mid_block_scale_factor,
    ...(config.attention_head_dim ? { headWidth: config.attention_head_dim } : {}),
    scaleShift,
    halving: config.downsample_type === "resnet" ? "block" : "conv",
    doubling: config.upsample_type === "resnet" ? "block" : "conv",
    waves: config.time_embedding_type === "positional" ? "sinusoidal" : config.time_embedding_type,
    ...(config.num_train_timesteps ? { steps: config.num_train_timesteps } : {}),
    cosFirst: config.flip_sin_to_cos,
    frequencyShift: config.freq_shift,
    ...(config.time_embedding_dim ? { embedding: config.time_embedding_dim } : {}),
    centre: config.center_input_sample,
    ...classesOf(config),
  };
}

/** As in diffusers, the type decides where there is one, and the number of classes else. */
function classesOf(config: Config): object {
  const { class_embed_type: type, num_class_embeds: classes } = config;
  if (type === "identity") return { classKind: "vector" };
  // Waves take any number for a label; what names no class here is one past the largest.
  if (type === "timestep")
    return { classKind: "waves", classes: classes ?? config.num_train_timesteps ?? 1000 };
  return classes ? { classes, classNone: false } : {};
}
