import { describe, expect, test } from "vitest";
import { argumentsOf } from "../src/authoring.ts";
import { families } from "../src/index.ts";

/** A reference's arguments, the options that matter set to what is not their default. */
const theirs = [
  { name: "annotated", dim: 6, init_dim: 5, dim_mults: [1, 2], channels: 2, use_convnext: false },
  { name: "annotated", dim: 6, dim_mults: [1, 3], channels: 1, convnext_mult: 3, norm: "layer" },
  { name: "annotated", dim: 6, dim_mults: [1], channels: 3, out_dim: 2, with_time_emb: false },
  { name: "annotated-later", dim: 4, dim_mults: [1, 2], channels: 1, self_condition: true, out_dim: 2 },
  { name: "dataflowr", in_channels: 3, n_steps: 5, time_emb_dim: 4, base_width: 2 },
  { name: "dataflowr-nano", size: 8, n_steps: 5, time_emb_dim: 4 },
  { name: "labml", image_channels: 1, n_channels: 32, ch_mults: [1, 2], is_attn: [false, true], n_blocks: 1 },
  {
    ...{ name: "lucidrains", dim: 4, init_dim: 6, dim_mults: [1, 2], channels: 2, self_condition: true },
    ...{
      learned_variance: true,
      learned_sinusoidal_cond: true,
      full_attn: [true, false],
      attn_heads: [2, 4],
    },
  },
  {
    ...{ name: "openai", in_channels: 1, model_channels: 32, out_channels: 2, num_res_blocks: 1 },
    ...{ attention_resolutions: [1, 2], channel_mult: [1, 2], num_classes: 3, num_head_channels: 8 },
    ...{ resblock_updown: true, use_scale_shift_norm: true, use_new_attention_order: true },
  },
  {
    ...{
      name: "diffusers",
      in_channels: 4,
      out_channels: 1,
      block_out_channels: [8, 16],
      norm_num_groups: 4,
    },
    ...{ down_block_types: ["AttnDownBlock2D", "DownBlock2D"], up_block_types: ["UpBlock2D", "UpBlock2D"] },
    ...{ downsample_type: "resnet", num_class_embeds: 2, attention_head_dim: 4, freq_shift: 1 },
  },
  {
    ...{ name: "diffusers", block_out_channels: [8, 16], norm_num_groups: 4, freq_shift: 1, norm_eps: 1e-6 },
    ...{
      down_block_types: ["DownBlock2D", "AttnDownBlock2D"],
      up_block_types: ["AttnUpBlock2D", "UpBlock2D"],
    },
    ...{ attention_head_dim: null, flip_sin_to_cos: false, downsample_padding: 0 },
  },
  {
    ...{ name: "diffusers-condition", in_channels: 9, block_out_channels: [8, 12], norm_num_groups: 4 },
    ...{ down_block_types: ["CrossAttnDownBlock2D", "DownBlock2D"], cross_attention_dim: 6 },
    ...{ up_block_types: ["UpBlock2D", "CrossAttnUpBlock2D"], attention_head_dim: [2, 4] },
    ...{ class_embed_type: "projection", projection_class_embeddings_input_dim: 5, time_cond_proj_dim: 3 },
    ...{ use_linear_projection: true, layers_per_block: [1, 2], encoder_hid_dim: 7, upcast_attention: null },
  },
  {
    ...{ name: "edm", img_resolution: 8, in_channels: 1, out_channels: 1, model_channels: 8, label_dim: 2 },
    ...{ channel_mult: [1, 2], num_blocks: 1, attn_resolutions: [4], embedding_type: "fourier" },
    ...{ encoder_type: "residual", channel_mult_noise: 2, resample_filter: [1, 3, 3, 1], augment_dim: 9 },
  },
  {
    ...{ name: "edm", model_type: "DhariwalUNet", img_resolution: 8, in_channels: 1, out_channels: 2 },
    ...{ model_channels: 8, channel_mult: [1, 2], num_blocks: 1, attn_resolutions: [8] },
  },
  {
    ...{ name: "dit", input_size: 8, patch_size: 4, in_channels: 1, hidden_size: 8, depth: 1, num_heads: 2 },
    ...{ num_classes: 3, class_dropout_prob: 0, learn_sigma: false, mlp_ratio: 2 },
  },
];

test.each(theirs)("the arguments of a network built from $name's are its own", (given) => {
  const { spec } = families.create(given);
  const { name, ...known } = given;
  const found = argumentsOf(name, spec, [8, 8]);
  expect(families.create({ name, ...found }).spec).toEqual(spec);
  const complete = families.get(name).schema.parse(known) as Record<string, unknown>;
  const { sample_size, image_size, ...same } = { sample_size: 8, image_size: 8, ...found } as typeof found;
  expect([sample_size, image_size]).toEqual([8, 8]);
  for (const [option, value] of Object.entries(same)) {
    if (value !== null && complete[option] !== undefined && complete[option] !== null) {
      expect([option, value]).toEqual([option, complete[option]]);
    }
  }
});

describe("what a reference does not have is refused with the reason", () => {
  const paper = { name: "ho", channels: 1, width: 32, multipliers: [1, 2], attention: [1], dropout: 0 };

  test("norms of different numbers of groups, and how to train a network without", () => {
    expect(() => argumentsOf("diffusers", paper, [8, 8])).toThrow(/8 for 32 channels.*denoiser.groups=8/s);
    expect(argumentsOf("diffusers", { ...paper, groups: 8 }, [8, 12])).toMatchObject({
      sample_size: [8, 12],
      norm_num_groups: 8,
      block_out_channels: [32, 64],
      attention_head_dim: null,
    });
  });

  test.each([
    ["diffusers", { ...paper, groups: 8, classes: 3 }, /no class/],
    ["diffusers", { ...paper, groups: 8, heads: 2, attention: [0] }, /headWidth is 32, and the run's is "1/],
    ["lucidrains", paper, /no network like "ho", only like lucidrains/],
    ["annotated", { name: "annotated", unusedSkip: false }, /unusedSkip is true, and the run's is false/],
    [
      "labml",
      { name: "labml", chMults: [2, 3], isAttn: [false, true], cumulative: false },
      /levels of 128, 192/,
    ],
    ["openai", { name: "guided", groups: 16 }, /groups is 32, and the run's is 16/],
    ["dit", { name: "dit", inputSize: 8 }, /the network has no classes/],
    ["dataflowr", { name: "dataflowr", norm: "group" }, /norm is "batch", and the run's is "group"/],
  ])("%s: %j", (family, spec, expected) => {
    expect(() => argumentsOf(family, spec, [8, 8])).toThrow(expected);
  });
});
