import "@tensorflow/tfjs";
import { disposeParams, random } from "@ddpm/core";
import { denoisers } from "@ddpm/unet";
import { describe, expect, test } from "vitest";
import { argumentsOf } from "../src/authoring.ts";
import { exportWeights, families, importWeights } from "../src/index.ts";

/** How references call the channels of their input and output; `first` and `last` end the names of those weights. */
const references = [
  {
    ...{ name: "diffusers", block_out_channels: [8], norm_num_groups: 4, layers_per_block: 1 },
    ...{ down_block_types: ["DownBlock2D"], up_block_types: ["UpBlock2D"] },
    counts: ["in_channels", "out_channels"],
    ends: ["conv_in.weight", "conv_out.weight"],
  },
  {
    ...{
      name: "openai",
      model_channels: 32,
      num_res_blocks: 1,
      attention_resolutions: [],
      channel_mult: [1],
    },
    counts: ["in_channels", "out_channels"],
    ends: ["input_blocks.0.0.weight", "out.2.weight"],
  },
  {
    ...{ name: "edm", img_resolution: 8, model_channels: 8, channel_mult: [1], num_blocks: 1 },
    counts: ["in_channels", "out_channels"],
    ends: ["enc.8x8_conv.weight", "dec.8x8_aux_conv.weight"],
  },
  {
    ...{ name: "edm", model_type: "DhariwalUNet", img_resolution: 8, model_channels: 8, channel_mult: [1] },
    num_blocks: 1,
    counts: ["in_channels", "out_channels"],
    ends: ["enc.8x8_conv.weight", "out_conv.weight"],
  },
  {
    ...{ name: "annotated", dim: 4, dim_mults: [1], resnet_block_groups: 2 },
    counts: ["channels", "out_dim"],
    ends: ["init_conv.weight", "final_conv.1.weight"],
  },
  {
    ...{ name: "annotated-later", dim: 4, dim_mults: [1], resnet_block_groups: 2 },
    counts: ["channels", "out_dim"],
    ends: ["init_conv.weight", "final_conv.weight"],
  },
  {
    ...{ name: "lucidrains", dim: 4, dim_mults: [1] },
    counts: ["channels", "out_dim"],
    ends: ["init_conv.weight", "final_conv.weight"],
  },
  {
    ...{ name: "dataflowr-nano", size: 8, n_steps: 5, time_emb_dim: 4 },
    counts: ["in_c", "out_c"],
    ends: ["b1.0.conv1.weight", "conv_out.weight"],
  },
] as const;

const counts = [1, 2, 3, 4].flatMap((taken) => [1, 2, 3, 4, 5, 6, 9].map((made) => [taken, made] as const));

describe.each(references)("$name", ({ counts: [taking, making], ends: [first, last], ...given }) => {
  test.each(counts)("%i channels in and %i out are read, and written back", async (taken, made) => {
    const { spec, names } = families.create({ ...given, [taking]: taken, [making]: made });
    const denoiser = denoisers.create(spec);
    const params = denoiser.init(random(1));
    const written = await exportWeights(denoiser, names, params);
    expect([written[first]!.shape[1], written[last]!.shape[0], denoiser.outputs]).toEqual([
      taken,
      made,
      made,
    ]);

    const found = argumentsOf(given.name, spec, [8, 8]);
    expect(found[taking]).toBe(taken);
    expect(found[making] ?? (found.learned_variance ? 2 : 1) * taken).toBe(made);
    const again = families.create({ name: given.name, ...found });
    expect(again.spec).toEqual(spec);
    disposeParams(importWeights(denoisers.create(again.spec), again.names, written));
    disposeParams(params);
  });
});

test("a guess has the channels of the whole input, whatever the output has", () => {
  for (const name of ["lucidrains", "annotated-later"]) {
    const { spec } = families.create({
      name,
      dim: 4,
      dim_mults: [1],
      channels: 3,
      self_condition: true,
      out_dim: 2,
    });
    const denoiser = denoisers.create(spec);
    expect(denoiser).toMatchObject({ channels: 3, outputs: 2, takesGuess: true });
    expect(denoiser.specs.find(({ name }) => name === "stem.kernel")!.shape[2]).toBe(6);
  }
});
