import "@tensorflow/tfjs";
import { autoencoders } from "@ddpm/autoencoder";
import { countParams, disposeParams, random } from "@ddpm/core";
import type { SafeTensor } from "@ddpm/weights";
import { expect, test } from "vitest";
import { autoencoderFamilies, exportWeights, importWeights } from "../src/index.ts";

const two = {
  down_block_types: ["DownEncoderBlock2D", "AttnDownEncoderBlock2D"],
  up_block_types: ["AttnUpDecoderBlock2D", "UpDecoderBlock2D"],
};
const levels = { ...two, block_out_channels: [8, 12], norm_num_groups: 4 };
const tiny = {
  ...{ encoder_block_out_channels: [4, 4], decoder_block_out_channels: [4, 4] },
  ...{ num_encoder_blocks: [1, 2], num_decoder_blocks: [2, 1] },
};

/** Of each family: arguments, and some names with the reference's shapes. */
const cases = [
  [
    { name: "kl", ...levels, _class_name: "AutoencoderKL", sample_size: 32, shift_factor: null },
    {
      "encoder.down_blocks.1.attentions.0.to_q.weight": [12, 12],
      "decoder.up_blocks.0.attentions.1.group_norm.bias": [12],
      "decoder.up_blocks.0.upsamplers.0.conv.weight": [12, 12, 3, 3],
      "decoder.up_blocks.1.resnets.0.conv_shortcut.weight": [8, 12, 1, 1],
      "quant_conv.weight": [8, 8, 1, 1],
    },
  ],
  [
    { name: "vq", ...two, block_out_channels: [32, 32], norm_type: "spatial", latent_channels: 4 },
    {
      "decoder.up_blocks.0.attentions.1.spatial_norm.conv_y.weight": [32, 4, 1, 1],
      "decoder.mid_block.attentions.0.spatial_norm.norm_layer.weight": [32],
      "decoder.up_blocks.1.resnets.1.norm2.conv_b.bias": [32],
      "decoder.conv_norm_out.norm_layer.bias": [32],
      "encoder.mid_block.attentions.0.group_norm.weight": [32],
      "quantize.embedding.weight": [256, 4],
    },
  ],
  [
    { name: "tiny", ...tiny, block_out_channels: [4, 4] },
    {
      "encoder.layers.5.weight": [4, 4, 3, 3],
      "decoder.layers.7.bias": [3],
      "decoder.layers.5.weight": [4, 4, 3, 3],
    },
  ],
  [
    { name: "taesd" },
    { "encoder.14.weight": [4, 64, 3, 3], "decoder.1.bias": [64], "decoder.19.weight": [3, 64, 3, 3] },
  ],
  [
    { name: "taesd", arch_variant: "flux_2" },
    {
      "encoder.11.pool.0.weight": [256, 64, 1, 1],
      "encoder.13.pool.1.bias": [256],
      "decoder.5.pool.3.weight": [64, 256, 1, 1],
      "decoder.1.weight": [64, 32, 3, 3],
    },
  ],
  [
    { name: "taesd", arch_variant: "f32" },
    {
      "encoder.2.bias": [64],
      "encoder.4.conv.4.weight": [64, 64, 3, 3],
      "encoder.5.weight": [64, 64, 3, 3],
      "decoder.7.weight": [128, 256, 3, 3],
      "decoder.29.weight": [3, 64, 3, 3],
    },
  ],
] as const;

test.each(cases)("%j: names and shapes are the reference's", (config, expected) => {
  const { spec, names } = autoencoderFamilies.create(config);
  const shapes = autoencoders.create(spec).specs.map((ours): [string, readonly number[]] => {
    const { name, layout } = names(ours);
    const numbers = { shape: ours.shape, data: new Uint8Array(countParams([ours])) };
    return [name, layout.toTorch(numbers).shape];
  });
  expect(new Set(shapes.map(([name]) => name)).size).toBe(shapes.length);
  expect(Object.fromEntries(shapes)).toMatchObject(expected);
});

const small = cases.filter(([{ name }]) => name !== "taesd").map(([config]) => config);

test.each(small)("%j: weights that were written are read again", async (config) => {
  const { spec, names } = autoencoderFamilies.create(config);
  const autoencoder = autoencoders.create(spec);
  const params = autoencoder.init(random(1));
  const read = importWeights(autoencoder, names, await exportWeights(autoencoder, names, params));
  for (const { name } of autoencoder.specs) {
    const [before, after] = [await params[name]!.data(), await read[name]!.data()];
    expect(after.every((value, i) => value === before[i])).toBe(true);
  }
  disposeParams(params);
  disposeParams(read);
});

test("attention under the names of old files is read", async () => {
  const { spec, names } = autoencoderFamilies.create({ name: "kl", ...levels });
  const autoencoder = autoencoders.create(spec);
  const params = autoencoder.init(random(1));
  const file = await exportWeights(autoencoder, names, params);
  const older: Record<string, SafeTensor> = Object.fromEntries(
    Object.entries(file).map(([name, tensor]) => [
      name
        .replace(".to_q.", ".query.")
        .replace(".to_k.", ".key.")
        .replace(".to_v.", ".value.")
        .replace(".to_out.0.", ".proj_attn."),
      tensor,
    ]),
  );
  expect(Object.keys(older)).toContain("decoder.mid_block.attentions.0.proj_attn.bias");
  const read = importWeights(autoencoder, names, older);
  const name = "decoder.mid.attn.out.kernel";
  expect(await read[name]!.data()).toEqual(await params[name]!.data());
  disposeParams(params);
  disposeParams(read);
});

test("arguments that no network has are refused in words", () => {
  const create = (config: { name: string; [option: string]: unknown }) => () =>
    autoencoders.create(autoencoderFamilies.create(config).spec);
  expect(create({ name: "kl", act_fn: "tanh" })).toThrow(/act_fn/);
  expect(create({ name: "kl", mid_block_attention: true })).toThrow(
    'Did you mean "mid_block_add_attention"?',
  );
  expect(create({ name: "kl", block_out_channels: [32, 64] })).toThrow(
    "blockOutChannels lists 2 levels and downBlockTypes 1.",
  );
  expect(create({ name: "kl", block_out_channels: [40] })).toThrow(
    "40 channels do not split into 32 groups.",
  );
  expect(create({ name: "kl", latents_mean: [0, 1] })).toThrow(
    "latentsMean lists 2 numbers for 4 latent channels.",
  );
  expect(create({ name: "vq", norm_type: "spatial", vq_embed_dim: 6 })).toThrow("Leave vqEmbedDim out");
  expect(create({ name: "tiny", num_encoder_blocks: [1, 3] })).toThrow("in the encoder");
  expect(create({ name: "tiny", upsampling_scaling_factor: 3 })).toThrow(
    "the encoder shrinks images by 8 and the decoder enlarges them by 27.",
  );
  expect(create({ name: "taesd", arch_variant: "f64" })).toThrow(/arch_variant/);
});
