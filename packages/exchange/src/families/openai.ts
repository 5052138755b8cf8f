import type { GuidedOptions } from "@ddpm/unet";
import { channelsOf } from "@ddpm/unet/authoring";
import { z } from "zod";
import { type Family, family } from "../family.ts";
import { channelCounts } from "../network/channel-counts.ts";
import { sideOf, withoutClasses } from "../network/resolved.ts";
import { pixelConv1d } from "../weights/layouts.ts";
import { type Rules, renaming, usualLayout } from "../weights/names.ts";

const positive = z.number().int().positive();

const options = {
  image_size: positive.optional().describe("not used by the network"),
  in_channels: positive.describe("channels of the input"),
  model_channels: positive.describe("width that the multipliers multiply"),
  out_channels: positive.describe(
    "channels of the output; twice in_channels for learned variances, fewer for image conditioning",
  ),
  num_res_blocks: positive.describe("blocks per level"),
  attention_resolutions: z.array(positive).describe("halvings after which there is attention: 1, 2, 4 …"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate"),
  channel_mult: z.array(z.number().positive()).default([1, 2, 4, 8]).describe("channels of each level"),
  conv_resample: z.boolean().default(true).describe("halve and double by convolutions"),
  dims: z.literal(2).default(2).describe("only pictures"),
  num_classes: positive.nullish().describe("classes of the labels"),
  use_checkpoint: z.boolean().default(false).describe("not used by the network"),
  use_fp16: z.boolean().default(false).describe("not used: weights are float32 here"),
  num_heads: positive.default(1).describe("attention heads"),
  num_head_channels: z.number().int().default(-1).describe("channels per head; −1 for num_heads heads"),
  num_heads_upsample: z.number().int().default(-1).describe("heads on the way up; −1 for num_heads"),
  use_scale_shift_norm: z.boolean().default(false).describe("adaptive norms"),
  resblock_updown: z.boolean().default(false).describe("resample inside residual blocks"),
  use_new_attention_order: z.boolean().default(false).describe("layout of q, k and v"),
};

/** Networks and state dicts of improved-diffusion and guided-diffusion. */
export const openai: Family = family({
  name: "openai",
  about: "UNetModel of improved-diffusion and guided-diffusion.",
  source: "openai/improved-diffusion unet.py; openai/guided-diffusion unet.py",
  options,
  networks: { guided: { arguments: argumentsOf, resolve } },
  create(given) {
    const { in_channels, out_channels, channel_mult, num_res_blocks } = given;
    const attention = channel_mult.flatMap((_, level) =>
      given.attention_resolutions.includes(2 ** level) ? [level] : [],
    );
    return {
      spec: {
        name: "guided",
        ...channelsOf(in_channels, out_channels),
        width: given.model_channels,
        multipliers: channel_mult,
        blocks: num_res_blocks,
        attention,
        heads: given.num_heads,
        ...(given.num_heads_upsample > 0 ? { headsUp: given.num_heads_upsample } : {}),
        ...(given.num_head_channels > 0 ? { headWidth: given.num_head_channels } : {}),
        qkvLayout: given.use_new_attention_order ? "kinds" : "heads",
        dropout: given.dropout,
        scaleShift: given.use_scale_shift_norm,
        resample: given.resblock_updown ? "block" : given.conv_resample ? "conv" : "pool",
        ...(given.num_classes ? { classes: given.num_classes, classNone: false } : {}),
      },
      names: renaming(rules(channel_mult.length, num_res_blocks, attention), (ours) =>
        /attn\d*\.(qkv|out)\.kernel$/.test(ours.name) ? pixelConv1d : usualLayout(ours),
      ),
    };
  },
});

/** Both ways are flat lists; on the way up a resampling is the last part of a stage. */
function rules(levels: number, blocks: number, attention: readonly number[]): Rules {
  const part = (kind: string): number => (kind === "res" ? 0 : 1);
  const down = (level: string, index: number): string =>
    `input_blocks.${1 + Number(level) * (blocks + 1) + index}`;
  const up = (level: string, index: number): string =>
    `output_blocks.${(levels - 1 - Number(level)) * (blocks + 1) + index}`;
  const after = (level: string): number => (attention.includes(Number(level)) ? 2 : 1);
  return [
    [/\.norm1\./, ".in_layers.0."],
    [/\.conv1\./, ".in_layers.2."],
    [/\.time\./, ".emb_layers.1."],
    [/\.norm2\./, ".out_layers.0."],
    [/\.conv2\./, ".out_layers.3."],
    [/\.shortcut\./, ".skip_connection."],
    [/(attn\d*)\.out\./, "$1.proj_out."],
    [/^out\.norm\./, "out.0."],
    [/^out\.conv\./, "out.2."],
    [/^stem\./, "input_blocks.0.0."],
    [/^time\.dense0\./, "time_embed.0."],
    [/^time\.dense1\./, "time_embed.2."],
    [/^labels\./, "label_emb."],
    [/^mid\.res0\./, "middle_block.0."],
    [/^mid\.attn\./, "middle_block.1."],
    [/^mid\.res1\./, "middle_block.2."],
    [/^down\.(\d+)\.(res|attn)(\d+)\./, (level, kind, i) => `${down(level!, Number(i))}.${part(kind!)}.`],
    [/^down\.(\d+)\.down\.(kernel|bias)/, (level, leaf) => `${down(level!, blocks)}.0.op.${leaf}`],
    [/^down\.(\d+)\.down\./, (level) => `${down(level!, blocks)}.0.`],
    [/^up\.(\d+)\.(res|attn)(\d+)\./, (level, kind, i) => `${up(level!, Number(i))}.${part(kind!)}.`],
    [/^up\.(\d+)\.up\.(kernel|bias)/, (level, leaf) => `${up(level!, blocks)}.${after(level!)}.conv.${leaf}`],
    [/^up\.(\d+)\.up\./, (level) => `${up(level!, blocks)}.${after(level!)}.`],
  ];
}

function argumentsOf(
  given: Required<GuidedOptions>,
  size: readonly [height: number, width: number],
): Readonly<Record<string, unknown>> {
  return {
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
  };
}

function resolve(given: Required<GuidedOptions>): object {
  const { headWidth, heads, headsUp = heads } = given;
  return {
    ...(headWidth ? { heads: undefined, headsUp: undefined } : { headsUp }),
    ...withoutClasses(given),
  };
}
