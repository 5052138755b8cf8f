import { fail } from "@ddpm/core";
import { type CompleteConfig, type HoOptions, structureOf, upTypeOf } from "@ddpm/unet/authoring";
import { channelCounts } from "../../network/channel-counts.ts";
import { snakeCased } from "../../network/reference-options.ts";
import { sideOf } from "../../network/resolved.ts";
import { defaultFields, fields } from "./fields.ts";
import { groupsByChannels } from "./resolve.ts";

type Values = Readonly<Record<string, unknown>>;
type Ho = Required<HoOptions> & { readonly name: "ho" };
type Unet2d = CompleteConfig & { readonly name: "unet2d" };

/** Fields of UNet2DModel's `config.json`, all that `save_pretrained` writes. */
export function argumentsOf(
  given: Ho | Unet2d,
  size: readonly [height: number, width: number],
): Readonly<Record<string, unknown>> {
  const known: Values = {
    ...defaultFields(),
    ...(given.name === "ho" ? fromHo(given) : fromUnet2d(given)),
    sample_size: sideOf(size),
  };
  return Object.fromEntries(Object.keys(fields).map((field) => [field, known[field] ?? null]));
}

function fromUnet2d(given: Unet2d): Values {
  const { up, channels, imageChannels = 0, outputs, classes } = structureOf(given);
  const upTypes = given.upBlockTypes ?? [...up].reverse().map(upTypeOf);
  return {
    ...snakeCased(given as unknown as Values),
    in_channels: channels + imageChannels,
    out_channels: outputs,
    up_block_types: upTypes,
    num_class_embeds: classes ?? null,
  };
}

function fromHo(given: Ho): Values {
  const { width, multipliers, classes, context, vector } = given;
  if (context) {
    fail("exchange/diffusers", "UNet2DModel takes no context, and this network attends to one.");
  }
  if (vector) {
    fail("exchange/diffusers", "UNet2DModel takes no vector, and this network receives one.");
  }
  if (classes) {
    fail(
      "exchange/diffusers",
      "its pipelines pass no class to the network, and this one is conditioned on a class.",
    );
  }
  const kinds = multipliers.map((_, level) => given.attention.includes(level));
  const { taken, made } = channelCounts(given);
  return {
    in_channels: taken,
    out_channels: made,
    block_out_channels: multipliers.map((multiplier) => width * multiplier),
    down_block_types: kinds.map((attends) => (attends ? "AttnDownBlock2D" : "DownBlock2D")),
    up_block_types: [...kinds].reverse().map((attends) => (attends ? "AttnUpBlock2D" : "UpBlock2D")),
    layers_per_block: given.blocks,
    norm_num_groups: sameGroups(given),
    norm_eps: given.eps,
    downsample_padding: given.padding === "same" ? 0 : 1,
    dropout: given.dropout,
    flip_sin_to_cos: false,
    freq_shift: 1,
    attention_head_dim: given.heads === 1 ? null : (width * multipliers.at(-1)!) / given.heads,
  };
}

/**
 * The number of groups that all norms of a network of the paper's shape share.
 *
 * @throws DdpmError where they differ, with the option that makes them the same
 */
function sameGroups(given: Ho): number {
  const counts = [...groupsByChannels(given)];
  const [channels, first] = counts[0]!;
  const other = counts.find(([, count]) => count !== first);
  if (!other) return first;
  fail(
    "exchange/diffusers",
    `its norms all have the same number of groups, and these have ${first} for ${channels} channels and ${other[1]} for ${other[0]}.`,
    `Train with \`denoiser.groups=${first}\` for a network that it has.`,
  );
}
