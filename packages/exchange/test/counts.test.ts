import { countParams, type Denoiser } from "@ddpm/core";
import {
  annotated,
  annotatedLater,
  dataflowr,
  denoisers,
  dhariwal,
  dit,
  guided,
  ho,
  labml,
  lucidrains,
  nano,
  song,
  unet2d,
} from "@ddpm/unet";
import { expect, test } from "vitest";
import { families } from "../src/index.ts";

/** The latents of the paper's autoencoder at 256 pixels. */
const latents = { inChannels: 4, numClasses: 1000, learnSigma: true };

/** As the text of The Annotated Diffusion Model builds its network for images of 28 pixels. */
const digits = { channels: 1, dimMults: [1, 2, 4] };

const fromConfig = (config: object): Denoiser =>
  denoisers.create(families.create({ name: "diffusers", ...config }).spec);

const repeat = (type: string, count: number): string[] => Array<string>(count).fill(type);

const ncsnpp = {
  attention_head_dim: null,
  block_out_channels: [128, 128, 256, 256, 256, 256, 256],
  down_block_types: [...repeat("SkipDownBlock2D", 4), "AttnSkipDownBlock2D", ...repeat("SkipDownBlock2D", 2)],
  up_block_types: [...repeat("SkipUpBlock2D", 2), "AttnSkipUpBlock2D", ...repeat("SkipUpBlock2D", 4)],
  mid_block_scale_factor: Math.SQRT2,
  norm_eps: 1e-6,
  norm_num_groups: null,
  time_embedding_type: "fourier",
};

const butterflies = {
  block_out_channels: [64, 128, 128, 256],
  down_block_types: ["DownBlock2D", "DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
  up_block_types: ["AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D", "UpBlock2D"],
};

test.each([
  ["CIFAR-10 of the paper", ho(), 35_746_307],
  [
    "256 pixels of the paper",
    ho({ multipliers: [1, 1, 2, 2, 4, 4], attention: [4], dropout: 0 }),
    113_673_219,
  ],
  [
    "32 channels, attention at 8",
    ho({ channels: 1, width: 32, multipliers: [1, 2, 2], attention: [2] }),
    1_623_169,
  ],
  ["annotated, ResNet blocks", annotated({ ...digits, useConvnext: false, resnetBlockGroups: 1 }), 1_694_929],
  ["annotated, ConvNeXt blocks", annotated(digits), 2_996_315],
  ["annotated, document 004", annotated({ dim: 64, dimMults: [1, 2, 4, 8, 16] }), 225_992_893],
  ["annotated, later text", annotatedLater(digits), 2_020_257],
  ["labml, documents 000 and 002", labml({ chMults: [1, 2, 2, 2] }), 54_563_779],
  ["labml, the small one of document 000", labml({ chMults: [1, 2, 1, 1] }), 9_139_651],
  ["labml, CelebA", labml({ isAttn: [false, false, false, true] }), 167_777_987],
  ["labml, MNIST", labml({ channels: 1, isAttn: [false, false, false, true] }), 167_775_681],
  ["lucidrains", lucidrains(), 35_711_491],
  [
    "improved-diffusion, CIFAR-10",
    guided({ channelMult: [1, 2, 2, 2], numHeads: 4, useScaleShiftNorm: true, outChannels: 6 }),
    52_546_438,
  ],
  [
    "diffusers' ddpm-cifar10-32 as the general network",
    unet2d({
      blockOutChannels: [128, 256, 256, 256],
      downBlockTypes: ["DownBlock2D", "AttnDownBlock2D", "DownBlock2D", "DownBlock2D"],
    }),
    35_746_307,
  ],
  ["EDM's DDPM++ for CIFAR-10", song({ channelMult: [2, 2, 2], augmentDim: 9 }), 55_733_891],
  [
    "EDM's NCSN++ for CIFAR-10 with classes",
    song({
      channelMult: [2, 2, 2],
      labelDim: 10,
      augmentDim: 9,
      embeddingType: "fourier",
      channelMultNoise: 2,
      encoderType: "residual",
      resampleFilter: [1, 3, 3, 1],
    }),
    // The 128 random frequencies are a buffer there.
    56_400_643 + 128,
  ],
  ["EDM's ADM for ImageNet at 64 pixels", dhariwal({ labelDim: 1000 }), 295_899_267],
  ["DiT-S/2", dit({ size: "S", ...latents }), 32_963_360],
  ["DiT-S/8", dit({ size: "S", ...latents, patchSize: 8 }), 33_148_160],
  ["DiT-B/4", dit({ size: "B", ...latents, patchSize: 4 }), 130_475_648],
  ["DiT-L/2", dit({ size: "L", ...latents }), 458_102_816],
  ["DiT-XL/2", dit(latents), 675_129_632],
  ["google/ncsnpp-church-256", fromConfig(ncsnpp), 65_574_549],
  ["CompVis/ldm-celebahq-256", fromConfig({ attention_head_dim: 32 }), 274_056_163],
  ["the butterflies of diffusers' course", fromConfig(butterflies), 18_536_323],
])("%s has the published number of parameters", (_what, denoiser, count) => {
  expect(countParams(denoiser.specs)).toBe(count);
});

test("dataflowr, document 001, has the published number of trained and fixed numbers", () => {
  const { specs } = dataflowr();
  expect(countParams(specs.filter(({ trainable }) => trainable))).toBe(33_078_526);
  expect(specs.find(({ name }) => name === "time.table")).toEqual({
    name: "time.table",
    shape: [1000, 100],
    trainable: false,
  });
});

test("nano has the published number of trained and fixed numbers", () => {
  const { specs } = nano();
  expect(countParams(specs.filter(({ trainable }) => trainable))).toBe(437_532);
  expect(countParams(specs)).toBe(537_532);
});

test("labml as published trains all but the norms that it never applies", () => {
  const trained = (attentionNorm: boolean): number =>
    countParams(labml({ chMults: [1, 2, 2, 2], attentionNorm }).specs.filter(({ trainable }) => trainable));
  expect(trained(true) - trained(false)).toBe(7_936);
});
