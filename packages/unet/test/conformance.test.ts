import "@tensorflow/tfjs";
import type { Denoiser } from "@ddpm/core";
import { type DenoiserSuiteOptions, denoiserSuite } from "@ddpm/testing";
import { describe, test } from "vitest";
import { annotated, ho, mlp } from "../src/index.ts";

const small = { channels: 2, width: 8, multipliers: [1, 2], blocks: 1, groups: 4 };

const cases: [string, () => Denoiser, DenoiserSuiteOptions?][] = [
  ["ho", () => ho({ ...small, attention: [1] })],
  [
    "ho with labels, symmetric padding and two heads, on a picture that is not square",
    () => ho({ ...small, attention: [0], heads: 2, padding: "symmetric", classes: 3 }),
    { size: [4, 6] },
  ],
  ["annotated, ResNet blocks", () => annotated({ dim: 6, multipliers: [1, 2], groups: 2 })],
  ["annotated, corrected", () => annotated({ dim: 6, multipliers: [1, 2], groups: 2, unusedSkip: false })],
  ["annotated, ConvNeXt blocks", () => annotated({ dim: 6, multipliers: [1, 2], block: "convnext" })],
  [
    "annotated, layer norm",
    () => annotated({ dim: 6, multipliers: [1, 2], block: "convnext", norm: "layer" }),
  ],
  ["mlp", () => mlp({ width: 12 })],
  ["mlp with labels", () => mlp({ width: 12, classes: 4 })],
];

describe.each(cases)("%s", (_what, make, options) => {
  for (const { name, run } of denoiserSuite(make, options)) test(name, run);
});
