import { fail } from "@ddpm/core";
import type { HoOptions, Unet2dOptions } from "@ddpm/unet";
import { channelCounts } from "../../network/channel-counts.ts";
import { sideOf } from "../../network/resolved.ts";
import { downKinds, upKinds } from "./kinds.ts";
import { groupsByChannels, resolveUnet2d } from "./resolve.ts";

type Ho = Required<HoOptions> & { readonly name: "ho" };
type Unet2d = Required<Unet2dOptions> & { readonly name: "unet2d" };

/** Fields of UNet2DModel's `config.json`, all that `save_pretrained` writes. */
export function argumentsOf(
  given: Ho | Unet2d,
  size: readonly [height: number, width: number],
): Readonly<Record<string, unknown>> {
  return {
    sample_size: sideOf(size),
    in_channels: channelCounts(given).taken,
    out_channels: channelCounts(given).made,
    center_input_sample: false,
    time_embedding_type: "positional",
    time_embedding_dim: null,
    freq_shift: 1,
    flip_sin_to_cos: false,
    mid_block_type: "UNetMidBlock2D",
    mid_block_scale_factor: 1,
    layers_per_block: given.blocks,
    downsample_padding: given.padding === "same" ? 0 : 1,
    downsample_type: "conv",
    upsample_type: "conv",
    dropout: given.dropout,
    act_fn: "silu",
    attention_head_dim: null,
    attn_norm_num_groups: null,
    norm_eps: given.eps,
    resnet_time_scale_shift: "default",
    add_attention: true,
    class_embed_type: null,
    num_class_embeds: null,
    num_train_timesteps: null,
    ...(given.name === "ho" ? fromHo(given) : fromUnet2d(given)),
  };
}

function fromHo(given: Ho): Record<string, unknown> {
  const { width, multipliers, classes } = given;
  if (classes) {
    fail(
      "exchange/diffusers",
      "its pipelines pass no class to the network, and this one is conditioned on a class.",
    );
  }
  const kinds = multipliers.map((_, level) => (given.attention.includes(level) ? "attention" : "plain"));
  return {
    block_out_channels: multipliers.map((multiplier) => width * multiplier),
    down_block_types: kinds.map((kind) => typeOf(downKinds, kind)),
    up_block_types: [...kinds].reverse().map((kind) => typeOf(upKinds, kind)),
    norm_num_groups: sameGroups(given),
    ...(given.heads === 1 ? {} : { attention_head_dim: (width * multipliers.at(-1)!) / given.heads }),
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
    `Train with --set denoiser.groups=${first} for a network that it has.`,
  );
}

function fromUnet2d(given: Unet2d): Record<string, unknown> {
  const { scaleShift } = given;
  const { classes, classKind } = resolveUnet2d(given as never) as Pick<Unet2d, "classes"> & {
    readonly classKind: string;
  };
  const up = given.up ?? given.down;
  return {
    center_input_sample: given.centre,
    time_embedding_type: given.waves === "sinusoidal" ? "positional" : given.waves,
    time_embedding_dim: given.embedding ?? null,
    freq_shift: given.frequencyShift,
    flip_sin_to_cos: given.cosFirst,
    block_out_channels: given.widths,
    down_block_types: given.down.map((kind) => typeOf(downKinds, kind)),
    mid_block_type: given.middle ? "UNetMidBlock2D" : null,
    up_block_types: [...up].reverse().map((kind) => typeOf(upKinds, kind)),
    mid_block_scale_factor: given.middleScale,
    downsample_type: given.halving === "block" ? "resnet" : "conv",
    upsample_type: given.doubling === "block" ? "resnet" : "conv",
    act_fn: given.activation,
    attention_head_dim: given.headWidth ?? null,
    norm_num_groups: given.groups,
    attn_norm_num_groups: middleNormOf(given),
    resnet_time_scale_shift: scaleShift ? "scale_shift" : "default",
    add_attention: given.attentionMiddle,
    class_embed_type: classKind === "vector" ? "identity" : classKind === "waves" ? "timestep" : null,
    num_class_embeds: classes ?? null,
    num_train_timesteps: given.steps ?? null,
  };
}

/** Left out, it is that of the blocks there, and with adaptive norms there is none. */
function middleNormOf(given: Unet2d): number | null {
  if (!given.scaleShift) return given.middleNorm ?? null;
  const { middleNorm } = resolveUnet2d(given as never) as { readonly middleNorm?: number | null };
  return middleNorm ?? null;
}

function typeOf(kinds: Readonly<Record<string, string>>, wanted: string): string {
  const found = Object.entries(kinds).find(([, kind]) => kind === wanted);
  return found?.[0] ?? fail("exchange/diffusers", `it has no block of the kind "${wanted}".`);
}
