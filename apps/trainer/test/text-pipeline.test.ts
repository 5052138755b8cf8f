import "@tensorflow/tfjs";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { autoencoders, latentSpace } from "@ddpm/autoencoder";
import { random } from "@ddpm/core";
import { decodeImage } from "@ddpm/data/node";
import { classifierFree, denoiseWith, eps, pndm, samplingLoop } from "@ddpm/diffusion";
import { autoencoderFamilies, exportWeights, families, textFamilies } from "@ddpm/exchange";
import { leading, scaledLinear } from "@ddpm/schedules";
import { clipTokenizer, textModels, tokenRows } from "@ddpm/text";
import { denoisers } from "@ddpm/unet";
import { writeSafetensors } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { clipVocabulary } from "../../../packages/text/src/clip/vocabulary.ts";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";

const folder = temporaryFolder();
const at = (...parts: readonly string[]): string => join(folder, ...parts);

const unetConfig = {
  ...{ sample_size: 8, in_channels: 4, out_channels: 4, block_out_channels: [8, 16], layers_per_block: 1 },
  ...{ cross_attention_dim: 8, attention_head_dim: 2, norm_num_groups: 4 },
  down_block_types: ["CrossAttnDownBlock2D", "DownBlock2D"],
  up_block_types: ["UpBlock2D", "CrossAttnUpBlock2D"],
};
const textConfig = {
  ...{ vocab_size: 49_408, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1 },
  ...{ num_attention_heads: 2, max_position_embeddings: 77, hidden_act: "quick_gelu", eos_token_id: 2 },
};
const vaeConfig = {
  ...{ block_out_channels: [4, 4], layers_per_block: 1, latent_channels: 4, norm_num_groups: 2 },
  ...{ scaling_factor: 0.2, sample_size: 16 },
  down_block_types: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  up_block_types: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
};
const scheduler = {
  ...{ _class_name: "PNDMScheduler", beta_start: 0.00085, beta_end: 0.012, beta_schedule: "scaled_linear" },
  ...{ clip_sample: false, num_train_timesteps: 1000, set_alpha_to_one: false, skip_prk_steps: true },
  ...{ steps_offset: 1, trained_betas: null },
};

const unet = families.create({ name: "diffusers-condition", ...unetConfig } as never);
const denoiser = denoisers.create(unet.spec);
const params = denoiser.init(random(1));
const text = textFamilies.create({ name: "clip", ...textConfig, architectures: ["CLIPTextModel"] } as never);
const textModel = textModels.create(text.spec);
const textParams = textModel.init(random(2));
const vae = autoencoderFamilies.create({ name: "kl", ...vaeConfig } as never);
const autoencoder = autoencoders.create(vae.spec);
const vaeParams = autoencoder.init(random(3));

/** A folder as diffusers writes it. */
function write(name: string, files: Readonly<Record<string, object | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(at(name, path)), { recursive: true });
    writeFileSync(at(name, path), content instanceof Uint8Array ? content : JSON.stringify(content));
  }
}

beforeAll(async () => {
  const { tokens } = clipVocabulary();
  const words = [...tokens, "<|startoftext|>", "<|endoftext|>"];
  write("pipeline", {
    "model_index.json": {
      _class_name: "StableDiffusionPipeline",
      unet: ["diffusers", "UNet2DConditionModel"],
    },
    "scheduler/scheduler_config.json": scheduler,
    "tokenizer/tokenizer_config.json": { pad_token: "<|endoftext|>", model_max_length: 77 },
    "tokenizer/vocab.json": Object.fromEntries(words.map((word, id) => [word, id])),
    "text_encoder/config.json": {
      ...textConfig,
      architectures: ["CLIPTextModel"],
      model_type: "clip_text_model",
    },
    "text_encoder/model.safetensors": writeSafetensors(
      await exportWeights(textModel as never, text.names, textParams),
    ),
    "unet/config.json": { _class_name: "UNet2DConditionModel", ...unetConfig },
    "unet/diffusion_pytorch_model.safetensors": writeSafetensors(
      await exportWeights(denoiser, unet.names, params),
    ),
    "vae/config.json": { _class_name: "AutoencoderKL", ...vaeConfig },
    "vae/diffusion_pytorch_model.safetensors": writeSafetensors(
      await exportWeights(autoencoder as never, vae.names, vaeParams),
    ),
  });
  const { code, stderr } = await ddpmHere(
    "import",
    at("pipeline"),
    "--from",
    "diffusers",
    "--out",
    at("run"),
  );
  expect(stderr).toBe("");
  expect(code).toBe(0);
}, 120_000);

const sample = (out: string, ...words: readonly string[]) =>
  ddpmHere(
    "sample",
    at("run"),
    "--backend",
    "cpu",
    "--steps",
    "4",
    "--count",
    "1",
    "--out",
    at(out),
    ...words,
  );

test("draws what the parts draw: texts, guidance, PNDM's steps, and the autoencoder's image", async () => {
  const { code, stderr } = await sample("cat", "--prompt", "a photo of a cat", "--guidance", "7.5");
  expect(code, stderr).toBe(0);
  const schedule = scaledLinear({ steps: 1000, betaStart: 0.00085, betaEnd: 0.012 });
  const rows = tokenRows(clipTokenizer(), ["a photo of a cat", ""]).ids;
  const states = textModel.apply(textParams, tf.tensor2d(rows, [2, 77], "int32")).last;
  const conditioned = (row: number) =>
    denoiseWith({
      ...{ denoiser, params, parameterization: eps(), schedule },
      condition: { context: tf.slice(states, [row, 0, 0], [1, 77, 8]) as tf.Tensor3D },
    });
  const frames = samplingLoop({
    denoise: classifierFree({ conditional: conditioned(0), unconditional: conditioned(1), scale: 7.5 }),
    ...{ schedule, sampler: pndm({ start: "improved-euler", toFirstStep: true }) },
    ...{ times: leading({ offset: 1 }).times(4, schedule), shape: [1, 8, 8, 4] },
    random: random(0).fork("sample"),
  });
  let last: tf.Tensor | undefined;
  for await (const { x } of frames) last = x;
  const image = latentSpace({ autoencoder, params: vaeParams }).decode(last as tf.Tensor4D);
  const expected = await tf.clipByValue(image, -1, 1).data();
  const { pixels, height, width } = await decodeImage(undefined, at("cat", "0.png"), {
    ...{ channels: 3, background: [255, 255, 255], fit: "crop", kernel: "cubic" },
  });
  expect([height, width]).toEqual([16, 16]);
  const errors = Array.from(expected, (value, i) => Math.abs((value + 1) * 127.5 - pixels[i]!));
  expect(Math.max(...errors)).toBeLessThan(1.5);
  expect(new Set(pixels).size).toBeGreaterThan(20);
});

test("another text draws another picture, and pictures are edited and inpainted", async () => {
  const drawn = (out: string): Buffer => readFileSync(at(out, "0.png"));
  expect((await sample("dog", "--prompt", "a dog", "--guidance", "7.5")).code).toBe(0);
  expect((await sample("bird", "--prompt", "a bird", "--guidance", "7.5")).code).toBe(0);
  expect(drawn("dog").equals(drawn("bird"))).toBe(false);
  const more = ["--backend", "cpu", "--steps", "4", "--prompt", "a dog"];
  for (const [verb, words] of [
    ["edit", ["--strength", "0.5"]],
    ["inpaint", ["--mask", "left"]],
  ] as const) {
    const out = at(`${verb}ed`);
    const { code, stderr } = await ddpmHere(
      verb,
      at("run"),
      at("cat", "0.png"),
      ...words,
      ...more,
      "--out",
      out,
    );
    expect(code, stderr).toBe(0);
    expect(existsSync(join(out, "0.png"))).toBe(true);
  }
});

test("two text encoders, and another vocabulary, are refused in words", async () => {
  cpSync(at("pipeline"), at("xl"), { recursive: true });
  write("xl", { "text_encoder_2/config.json": textConfig });
  cpSync(at("pipeline"), at("words"), { recursive: true });
  write("words", { "tokenizer/vocab.json": { "cat</w>": 1 } });
  for (const [name, message] of [
    ["xl", "has two text encoders, as SDXL has"],
    ["words", "expected CLIP's vocabulary of 49408 tokens"],
  ] as const) {
    const { code, stderr } = await ddpmHere(
      "import",
      at(name),
      "--from",
      "diffusers",
      "--out",
      at(`of-${name}`),
    );
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(at(`of-${name}`))).toBe(false);
  }
});
