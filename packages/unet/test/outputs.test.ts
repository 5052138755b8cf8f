import "@tensorflow/tfjs";
import { type Denoiser, disposeParams, INFERENCE, outputChannels, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { argumentsOf, denoisers, exportWeights, families, importWeights } from "../src/index.ts";

const nets = [
  { name: "ho", width: 8, multipliers: [1], blocks: 1, attention: [] },
  { name: "annotated", dim: 4, multipliers: [1] },
  { name: "annotated-later", dim: 4, multipliers: [1], groups: 2 },
  { name: "labml", width: 32, multipliers: [1], blocks: 1, attention: [] },
  { name: "dataflowr", width: 2, steps: 5, waves: 4 },
  { name: "nano", size: 8, width: 4, steps: 5, waves: 4 },
  { name: "lucidrains", dim: 4, multipliers: [1], heads: 1, headWidth: 4 },
  { name: "guided", width: 8, multipliers: [1], blocks: 1, attention: [], groups: 4, heads: 1 },
  { name: "unet2d", widths: [8], groups: 4, blocks: 1, down: ["plain"] },
  { name: "song", width: 8, multipliers: [1, 1], blocks: 1, attention: [], decoder: "skip" },
  { name: "dhariwal", width: 8, multipliers: [1], blocks: 1, attention: [] },
  { name: "dit", pixels: 8, patch: 4, depth: 1, width: 8, heads: 2 },
  { name: "mlp", width: 8, layers: 1, waves: 2 },
];

test("every network is here", () => {
  expect(nets.map(({ name }) => name).sort()).toEqual([...denoisers.names].sort());
});

describe.each(nets)("$name", (spec) => {
  const plain = denoisers.create({ ...spec, channels: 2 });
  const [side] = plain.size ?? [spec.name === "dataflowr" ? 16 : 4];
  const outputOf = (denoiser: Denoiser): tf.Tensor4D => {
    const params = denoiser.init(random(1));
    const x = tf.zeros([2, side, side, 2]) as tf.Tensor4D;
    const noise = tf.tensor1d([1, 2]);
    const y = denoiser.apply(params, x, noise, {}, INFERENCE);
    tf.dispose([x, noise]);
    disposeParams(params);
    return y;
  };

  test.each([1, 5])("with outputs of %i channels returns them", (outputs) => {
    const denoiser = denoisers.create({ ...spec, channels: 2, outputs });
    expect(denoiser).toMatchObject({ channels: 2, outputs });
    const y = outputOf(denoiser);
    expect([y.shape, plain.outputs]).toEqual([[2, side, side, outputs], 2]);
    y.dispose();
  });

  test("with other outputs starts from the same weights up to its last layers", async () => {
    const other = denoisers.create({ ...spec, channels: 2, outputs: 5 });
    expect(other.specs.map(({ name }) => name)).toEqual(plain.specs.map(({ name }) => name));
    const [ours, theirs] = [plain.init(random(1)), other.init(random(1))];
    for (const { name, shape } of plain.specs) {
      if (/(^|\.)out\.(conv\.|dense\.)?(kernel|bias)$/.test(name)) continue;
      expect([name, theirs[name]!.shape]).toEqual([name, shape]);
      expect(await theirs[name]!.data()).toEqual(await ours[name]!.data());
    }
    disposeParams(ours);
    disposeParams(theirs);
  });
});

test("a learned variance decides the outputs: others next to it are refused", () => {
  const learned = { ...nets[7]!, channels: 3, learnsVariance: true };
  expect(denoisers.create(learned).outputs).toBe(6);
  expect(denoisers.create({ ...learned, outputs: 6 }).outputs).toBe(6);
  expect(() => denoisers.create({ ...learned, outputs: 5 })).toThrow(
    "[ddpm/unet/guided] outputs is 5, but with a learned variance 3 channels make 6. Leave outputs out",
  );
});

test("the picture next to the features of unet2d has the channels of the output", () => {
  const skips = { name: "unet2d", widths: [8, 8], blocks: 1, groups: null, channels: 1, outputs: 3 };
  const denoiser = denoisers.create({ ...skips, down: ["skip", "skip"] });
  expect(denoiser.specs.find(({ name }) => name === "down.0.picture.kernel")!.shape).toEqual([1, 1, 1, 8]);
  expect(denoiser.specs.find(({ name }) => name === "up.1.picture.kernel")!.shape).toEqual([3, 3, 8, 3]);
});

test("a network that declares no outputs returns its channels, twice as many with a learned variance", () => {
  expect(outputChannels({ channels: 3 })).toBe(3);
  expect(outputChannels({ channels: 3, learnsVariance: true })).toBe(6);
  expect(outputChannels({ channels: 3, outputs: 5 })).toBe(5);
});

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
