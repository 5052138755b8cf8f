import { countParams } from "@ddpm/core";
import { expect, test } from "vitest";
import {
  annotated,
  annotatedLater,
  dataflowr,
  guided,
  ho,
  labml,
  lucidrains,
  nano,
  unet2d,
} from "../src/index.ts";

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
  ["annotated, ResNet blocks", annotated(), 1_694_929],
  ["annotated, ConvNeXt blocks", annotated({ block: "convnext" }), 2_996_315],
  [
    "annotated, document 004",
    annotated({ channels: 3, dim: 64, multipliers: [1, 2, 4, 8, 16], block: "convnext" }),
    225_992_893,
  ],
  ["annotated, later text", annotatedLater(), 2_020_257],
  ["labml, documents 000 and 002", labml(), 54_563_779],
  ["labml, the small one of document 000", labml({ multipliers: [1, 2, 1, 1] }), 9_139_651],
  ["labml, CelebA", labml({ multipliers: [1, 2, 2, 4], attention: [3] }), 167_777_987],
  ["labml, MNIST", labml({ channels: 1, multipliers: [1, 2, 2, 4], attention: [3] }), 167_775_681],
  ["lucidrains", lucidrains(), 35_711_491],
  ["improved-diffusion, CIFAR-10", guided({ learnsVariance: true }), 52_546_438],
  [
    "diffusers' ddpm-cifar10-32 as the general network",
    unet2d({ widths: [128, 256, 256, 256], down: ["plain", "attention", "plain", "plain"] }),
    35_746_307,
  ],
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
    countParams(labml({ attentionNorm }).specs.filter(({ trainable }) => trainable));
  expect(trained(true) - trained(false)).toBe(7_936);
});
