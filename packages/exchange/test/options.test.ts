import { denoisers } from "@ddpm/unet";
import { describe, expect, test } from "vitest";
import { argumentsOf, families, resolved } from "../src/index.ts";

const SIZE = [8, 8] as const;

interface Case {
  readonly family: string;
  /** A small network that the family has. */
  readonly base: { readonly name: string; readonly [option: string]: unknown };
  /** Another value of each option that the family can say. */
  readonly others: Readonly<Record<string, unknown>>;
  /** Another value of each option that the family cannot say. */
  readonly lacking: Readonly<Record<string, unknown>>;
}

const cases: readonly Case[] = [
  {
    family: "diffusers",
    base: { name: "ho", channels: 1, width: 8, multipliers: [1, 2], blocks: 1, attention: [1], groups: 2 },
    others: {
      ...{ channels: 2, width: 16, multipliers: [1, 1], blocks: 2, attention: [], heads: 2, dropout: 0.5 },
      ...{ groups: 1, groupSize: 2, eps: 1e-3, padding: "symmetric", imageChannels: 2, outputs: 3 },
    },
    lacking: { groups: 32, classes: 3, selfCondition: true },
  },
  {
    family: "diffusers",
    base: {
      name: "unet2d",
      channels: 1,
      blockOutChannels: [8, 16],
      layersPerBlock: 1,
      downBlockTypes: ["DownBlock2D", "AttnDownBlock2D"],
      normNumGroups: 4,
    },
    others: {
      ...{ channels: 2, learnsVariance: true, blockOutChannels: [8, 8], layersPerBlock: 2 },
      ...{ downBlockTypes: ["AttnDownBlock2D", "DownBlock2D"], upBlockTypes: ["UpBlock2D", "AttnUpBlock2D"] },
      ...{ midBlockType: null, addAttention: false, attnNormNumGroups: 2, midBlockScaleFactor: 2 },
      ...{ attentionHeadDim: 4, dropout: 0.5, actFn: "mish", normNumGroups: 2, normEps: 1e-3 },
      ...{ resnetTimeScaleShift: "scale_shift", downsamplePadding: 0, downsampleType: "resnet" },
      ...{ upsampleType: "resnet", timeEmbeddingType: "fourier", numTrainTimesteps: 7, numClassEmbeds: 3 },
      ...{ flipSinToCos: false, freqShift: 1, timeEmbeddingDim: 12, centerInputSample: true },
      ...{ classEmbedType: "identity", classNone: true, imageChannels: 2, outputs: 3, sampleSize: 8 },
      ...{ inChannels: 1, outChannels: 2, _class_name: "UNet2DModel", _diffusers_version: "0.35.2" },
      ...{ _name_or_path: "path" },
    },
    lacking: { selfCondition: true },
  },
  {
    family: "annotated",
    base: { name: "annotated", dim: 6, multipliers: [1, 2] },
    others: {
      ...{ channels: 2, dim: 8, initDim: 5, multipliers: [1, 1], block: "convnext", groups: 2, expansion: 3 },
      ...{ norm: "layer", withTimeEmb: false, learnsVariance: true, imageChannels: 2, outputs: 4 },
    },
    lacking: { unusedSkip: false, selfCondition: true },
  },
  {
    family: "annotated-later",
    base: { name: "annotated-later", dim: 4, multipliers: [1, 2] },
    others: {
      ...{ channels: 2, dim: 8, multipliers: [1, 1], groups: 2, learnsVariance: true, selfCondition: true },
      ...{ imageChannels: 2, outputs: 3 },
    },
    lacking: { stemKernel: 7, multipliesKernels: false },
  },
  {
    family: "labml",
    base: { name: "labml", channels: 1, width: 32, multipliers: [1, 2], attention: [1], blocks: 1 },
    others: {
      ...{ channels: 3, width: 64, multipliers: [2, 1], cumulative: false, attention: [], blocks: 2 },
      ...{ dropout: 0 },
    },
    lacking: {
      attentionNorm: true,
      groups: 16,
      headGroups: 32,
      imageChannels: 1,
      selfCondition: true,
      outputs: 3,
    },
  },
  {
    family: "dataflowr",
    base: { name: "dataflowr", width: 2, steps: 5, waves: 4 },
    others: { channels: 1, width: 4, steps: 6, waves: 6, table: "transformer" },
    lacking: { norm: "group", timeEmbedding: "inside", outputs: 1 },
  },
  {
    family: "dataflowr-nano",
    base: { name: "nano", size: 8, steps: 5, waves: 4 },
    others: { channels: 2, size: 16, steps: 6, waves: 6, table: "transformer", outputs: 2 },
    lacking: { width: 4 },
  },
  {
    family: "lucidrains",
    base: { name: "lucidrains", channels: 1, dim: 4, multipliers: [1, 2] },
    others: {
      ...{ channels: 2, learnsVariance: true, dim: 8, initDim: 6, multipliers: [1, 1], waves: "learned" },
      ...{ waveWidth: 4, theta: 100, dropout: 0.5, fullAttention: [0], heads: [1, 2], headWidth: 8 },
      ...{ selfCondition: true, imageChannels: 2, outputs: 5 },
    },
    lacking: {},
  },
  {
    family: "openai",
    base: { name: "guided", channels: 1, width: 32, multipliers: [1, 2], blocks: 1, attention: [1] },
    others: {
      ...{ channels: 3, learnsVariance: true, width: 64, multipliers: [1, 1], blocks: 2, attention: [0] },
      ...{ heads: 2, headsUp: 2, headWidth: 8, qkvLayout: "kinds", dropout: 0.5, scaleShift: false },
      ...{ resample: "pool", classNone: false, imageChannels: 2, outputs: 3 },
    },
    lacking: { groups: 16, classes: 3, selfCondition: true },
  },
  {
    family: "edm",
    base: { name: "song", channels: 1, width: 8, multipliers: [1, 2], blocks: 1, attention: [1] },
    others: {
      ...{ channels: 3, learnsVariance: true, width: 16, multipliers: [1, 1], blocks: 2, attention: [] },
      ...{ dropout: 0.5, waves: "fourier", waveFactor: 2, embeddingFactor: 2, encoder: "residual" },
      ...{ decoder: "skip", taps: [1, 3, 3, 1], classes: 3, augment: 9, imageChannels: 2, outputs: 3 },
    },
    lacking: { selfCondition: true },
  },
  {
    family: "edm",
    base: { name: "dhariwal", channels: 1, width: 8, multipliers: [1, 2], blocks: 1, attention: [1] },
    others: {
      ...{ channels: 3, learnsVariance: true, width: 16, multipliers: [1, 1], blocks: 2, attention: [] },
      ...{ dropout: 0.5, embeddingFactor: 2, classes: 3, augment: 0, imageChannels: 2, outputs: 3 },
    },
    lacking: { selfCondition: true },
  },
  {
    family: "dit",
    base: { name: "dit", pixels: 8, depth: 1, width: 8, heads: 2, classes: 3 },
    others: {
      ...{ channels: 1, learnsVariance: true, pixels: [8, 8], patch: 4, size: "B", depth: 2, width: 16 },
      ...{ heads: 1, expansion: 2, classes: 2, classNone: false },
    },
    lacking: { pixels: [8, 16], classes: undefined, imageChannels: 1, selfCondition: true, outputs: 5 },
  },
];

const rebuilt = (family: string, spec: Case["base"]) =>
  families.create({ name: family, ...argumentsOf(family, spec, SIZE) });

describe.each(cases)("$family, from $base.name", ({ family, base, others, lacking }) => {
  const options = Object.keys(denoisers.get(base.name).schema.shape);

  test("every option of the network is tried", () => {
    expect(new Set([...Object.keys(others), ...Object.keys(lacking)])).toEqual(new Set(options));
  });

  test("all options that may be left out left out, every tensor comes back, under a name of its own", () => {
    const { spec, names } = rebuilt(family, base);
    const theirs = (of: Case["base"]): string[] => {
      const { specs } = denoisers.create(of);
      return specs.map((ours) => `${names(ours).name} [${ours.shape}]`).sort();
    };
    expect(theirs(spec)).toEqual(theirs(base));
    expect(new Set(theirs(base)).size).toBe(theirs(base).length);
  });

  test.each(Object.entries(others))("%s: %j comes back", (option, value) => {
    const given = { ...base, [option]: value };
    const { spec } = rebuilt(family, given);
    const shapes = (of: Case["base"]): string[] =>
      denoisers
        .create(of)
        .specs.map(({ name, shape }) => `${name} [${shape}]`)
        .sort();
    expect(shapes(spec)).toEqual(shapes(given));
    expect(resolved(spec)).toEqual(resolved(given));
  });

  test.each(Object.entries(lacking))("%s: %j is refused by name", (option, value) => {
    expect(() => rebuilt(family, { ...base, [option]: value })).toThrow(/\[ddpm\/(unet|exchange)\/.*/);
  });
});

test("options that follow from others count as what they resolve to", () => {
  const paper = { name: "ho", width: 32, multipliers: [1, 2], groups: 8 };
  expect(resolved(paper)).toEqual(resolved({ ...paper, groupSize: 2 }));
  expect(resolved(paper)).not.toEqual(resolved({ ...paper, groups: 16 }));
  expect(resolved({ name: "unet2d" })).toEqual(
    resolved({
      name: "unet2d",
      upBlockTypes: ["AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"],
      timeEmbeddingDim: 896,
      attnNormNumGroups: 32,
      inChannels: 3,
    }),
  );
  expect(resolved({ name: "lucidrains" })).toEqual(
    resolved({ name: "lucidrains", initDim: 64, fullAttention: [3, 3], heads: [4, 4, 4, 4] }),
  );
  expect(resolved({ name: "labml" })).toEqual(
    resolved({ name: "labml", multipliers: [1, 2, 4, 8], cumulative: false, attention: [3, 2] }),
  );
  expect(resolved({ name: "unet2d" })).not.toEqual(resolved({ name: "unet2d", attentionHeadDim: 16 }));
});
