import { countParams } from "@ddpm/core";
import { expect, test } from "vitest";
import { annotated, ho } from "../src/index.ts";

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
])("%s has the published number of parameters", (_what, denoiser, count) => {
  expect(countParams(denoiser.specs)).toBe(count);
});
