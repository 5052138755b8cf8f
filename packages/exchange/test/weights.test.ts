import "@tensorflow/tfjs";
import { disposeParams, random } from "@ddpm/core";
import { denoisers } from "@ddpm/unet";
import type { SafeTensor } from "@ddpm/weights";
import { identity } from "@ddpm/weights/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { exportWeights, families, importWeights } from "../src/index.ts";
import { interleaved } from "../src/weights/layouts.ts";

const small = [
  { name: "annotated", dim: 6, dim_mults: [1, 2], channels: 1, use_convnext: false, resnet_block_groups: 2 },
  { name: "annotated", dim: 6, dim_mults: [1, 2, 3], channels: 1, norm: "layer" },
  { name: "annotated-later", dim: 4, dim_mults: [1, 2, 3], channels: 1 },
  {
    name: "labml",
    image_channels: 1,
    n_channels: 32,
    ch_mults: [1, 1],
    is_attn: [false, true],
    n_blocks: 1,
  },
  { name: "dataflowr", base_width: 2, n_steps: 5, time_emb_dim: 4 },
  { name: "dataflowr-nano", size: 8, n_steps: 5, time_emb_dim: 4 },
  { name: "lucidrains", dim: 4, dim_mults: [1, 2, 3], channels: 2, full_attn: [true, false, false] },
  {
    name: "openai",
    in_channels: 1,
    model_channels: 32,
    out_channels: 2,
    num_res_blocks: 1,
    attention_resolutions: [1],
    channel_mult: [1, 1],
    resblock_updown: true,
    num_classes: 3,
  },
  {
    name: "diffusers",
    in_channels: 1,
    out_channels: 1,
    block_out_channels: [8, 8],
    norm_num_groups: 4,
    down_block_types: ["AttnDownBlock2D", "DownBlock2D"],
    up_block_types: ["UpBlock2D", "AttnUpBlock2D"],
    downsample_type: "resnet",
    upsample_type: "resnet",
    num_class_embeds: 2,
  },
  {
    name: "diffusers",
    in_channels: 4,
    out_channels: 1,
    block_out_channels: [32, 32],
    down_block_types: ["SkipDownBlock2D", "AttnSkipDownBlock2D"],
    up_block_types: ["AttnSkipUpBlock2D", "SkipUpBlock2D"],
    time_embedding_type: "fourier",
    class_embed_type: "timestep",
    norm_num_groups: null,
  },
  {
    name: "edm",
    precond: "EDMPrecond",
    img_resolution: 12,
    img_channels: 1,
    label_dim: 2,
    augment_dim: 3,
    model_channels: 8,
    channel_mult: [1, 2],
    num_blocks: 1,
    attn_resolutions: [6],
    embedding_type: "fourier",
    encoder_type: "residual",
    decoder_type: "skip",
    resample_filter: [1, 3, 3, 1],
  },
  {
    name: "edm",
    model_type: "DhariwalUNet",
    precond: "iDDPMPrecond",
    img_resolution: 8,
    img_channels: 1,
    label_dim: 2,
    model_channels: 8,
    channel_mult: [1, 2],
    num_blocks: 1,
    attn_resolutions: [8],
  },
  {
    name: "dit",
    input_size: 8,
    in_channels: 1,
    hidden_size: 8,
    depth: 1,
    num_heads: 2,
    num_classes: 2,
    class_dropout_prob: 0,
  },
] as const;

describe.each(small)("$name", (config) => {
  const { spec, names } = families.create(config);
  const denoiser = denoisers.create(spec);

  test("what is written reads back to the bit, under names of their own", async () => {
    const params = denoiser.init(random(1));
    const written = await exportWeights(denoiser, names, params);
    const constants = Object.keys(names.constants ?? {});
    expect(Object.keys(written).length).toBe(denoiser.specs.length + constants.length);
    const read = importWeights(denoiser, names, written);
    for (const { name, shape } of denoiser.specs) {
      expect(read[name]!.shape).toEqual(shape);
      expect(await read[name]!.data()).toEqual(await params[name]!.data());
    }
    disposeParams(params);
    disposeParams(read);
  });

  test("no name of ours is left in theirs", async () => {
    const left = denoiser.specs
      .map((ours) => names(ours).name)
      .filter((name) => /kernel|shift|dense\d/.test(name));
    expect(left).toEqual([]);
  });
});

describe("a file that does not fit is refused:", () => {
  const { spec, names } = families.create(small[0]);
  const denoiser = denoisers.create(spec);
  const file = async (): Promise<Record<string, SafeTensor>> => {
    const params = denoiser.init(random(1));
    const written = await exportWeights(denoiser, names, params);
    disposeParams(params);
    return written;
  };

  test("a missing name", async () => {
    const { "final_conv.1.bias": _, ...rest } = await file();
    expect(() => importWeights(denoiser, names, rest)).toThrow('no tensor "final_conv.1.bias"');
  });

  test("a surplus name", async () => {
    const more = {
      ...(await file()),
      "lora.up": { dtype: "F32", shape: [1], data: Float32Array.of(1) },
    } as const;
    expect(() => importWeights(denoiser, names, more)).toThrow('1 tensors that the network lacks: "lora.up"');
  });

  test("another shape", async () => {
    const tensors = await file();
    const bias = { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) } as const;
    expect(() => importWeights(denoiser, names, { ...tensors, "final_conv.1.bias": bias })).toThrow(
      '"final_conv.1.bias" has shape [2], which does not fit out.conv.bias, [1]',
    );
  });

  test("numbers that are not finite; and nothing is left behind", async () => {
    const tensors = await file();
    const bias = { dtype: "F32", shape: [1], data: Float32Array.of(Number.NaN) } as const;
    const before = tf.memory().numTensors;
    expect(() => importWeights(denoiser, names, { ...tensors, "final_conv.1.bias": bias })).toThrow(
      "not finite",
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("constants of the file", () => {
  const { spec, names } = families.create({
    name: "edm",
    precond: "iDDPMPrecond",
    model_type: "DhariwalUNet",
    img_resolution: 4,
    img_channels: 1,
    model_channels: 16,
    channel_mult: [1, 1],
    num_blocks: 1,
  });
  const denoiser = denoisers.create(spec);

  test("are the filters of every resampling, and iDDPM's noise levels from 0 to the largest", () => {
    const { u, ...filters } = names.constants!;
    expect(Object.keys(filters)).toEqual([
      "model.dec.4x4_up.conv0.resample_filter",
      "model.dec.4x4_up.skip.resample_filter",
      "model.enc.2x2_down.conv0.resample_filter",
      "model.enc.2x2_down.skip.resample_filter",
    ]);
    for (const { shape, data } of Object.values(filters)) {
      expect([shape, [...data]]).toEqual([
        [1, 1, 2, 2],
        [0.25, 0.25, 0.25, 0.25],
      ]);
    }
    // Karras et al. 2022, table 1: sigma_max of iDDPM is u_0, about 20291, and sigma_min u_{M−1}, about 0.0064 … 0.008.
    const levels = u!.data as Float32Array;
    expect(levels[1000]).toBe(0);
    expect(levels[0]).toBeGreaterThan(20_000);
    expect(levels[0]).toBeLessThan(20_500);
  });

  test("may be missing, and are refused where they say something else", async () => {
    const params = denoiser.init(random(1));
    const written = await exportWeights(denoiser, names, params);
    disposeParams(params);
    const name = "model.enc.2x2_down.skip.resample_filter";
    const { [name]: _, ...rest } = written;
    disposeParams(importWeights(denoiser, names, rest));
    const other = { ...written[name]!, data: Float32Array.of(0, 0, 0, 1) } as SafeTensor;
    expect(() => importWeights(denoiser, names, { ...written, [name]: other })).toThrow("other numbers");
  });
});

test("q, k and v that alternate in a file are stored one after the other, head by head", () => {
  const [heads, width] = [2, 3];
  const theirs = Array.from({ length: 3 * heads * width }, (_, i) => i);
  const layout = interleaved(heads, identity);
  const ours = layout.toTfjs({ shape: [18], data: Float32Array.from(theirs) });
  // Head 1, kind k (1), channel 2 is theirs (1 · 3 + 2) · 3 + 1, ours (1 · 3 + 1) · 3 + 2.
  expect(ours.data[14]).toBe(16);
  expect([...layout.toTorch(ours).data]).toEqual(theirs);
});

test("older names of diffusers' attention are read, and today's are written", async () => {
  const config = {
    block_out_channels: [8],
    down_block_types: ["AttnDownBlock2D"],
    up_block_types: ["UpBlock2D"],
  };
  const { spec, names } = families.create({
    name: "diffusers",
    ...config,
    norm_num_groups: 4,
    layers_per_block: 1,
  });
  const denoiser = denoisers.create(spec);
  const params = denoiser.init(random(1));
  const written = await exportWeights(denoiser, names, params);
  const older: Record<string, string> = {
    to_q: "query",
    to_k: "key",
    to_v: "value",
    "to_out.0": "proj_attn",
  };
  const file = Object.fromEntries(
    Object.entries(written).map(([name, tensor]) => [
      name.replace(/to_q|to_k|to_v|to_out\.0/, (part) => older[part]!),
      tensor,
    ]),
  );
  expect(Object.keys(file)).toContain("mid_block.attentions.0.proj_attn.weight");
  const read = importWeights(denoiser, names, file);
  expect(await read["mid.attn.out.kernel"]!.data()).toEqual(await params["mid.attn.out.kernel"]!.data());
  disposeParams(params);
  disposeParams(read);
});

describe("a config.json becomes", () => {
  const ddpm = {
    name: "diffusers",
    block_out_channels: [128, 256, 256, 256],
    down_block_types: ["DownBlock2D", "AttnDownBlock2D", "DownBlock2D", "DownBlock2D"],
    up_block_types: ["UpBlock2D", "UpBlock2D", "AttnUpBlock2D", "UpBlock2D"],
    freq_shift: 1,
    flip_sin_to_cos: false,
    attention_head_dim: null,
    downsample_padding: 0,
    norm_eps: 1e-6,
  };

  test("the network of the paper, where it has that shape", () => {
    expect(families.create(ddpm).spec).toMatchObject({
      name: "ho",
      width: 128,
      multipliers: [1, 2, 2, 2],
      attention: [1],
      padding: "same",
    });
  });

  test("the general network elsewhere, and a refusal where a block is unknown", () => {
    expect(families.create({ ...ddpm, attention_head_dim: 8 }).spec.name).toBe("unet2d");
    expect(() => families.create({ ...ddpm, down_block_types: ["CrossAttnDownBlock2D"] })).toThrow(
      "down_block_types",
    );
    expect(() => families.create({ ...ddpm, block_out_channels: [128] })).toThrow(
      "1 blockOutChannels, but 4 downBlockTypes",
    );
  });
});
