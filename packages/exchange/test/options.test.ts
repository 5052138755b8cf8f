import { denoisers } from "@ddpm/unet";
import { describe, expect, test } from "vitest";
import { argumentsOf, resolved } from "../src/authoring.ts";
import { families } from "../src/index.ts";

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
    lacking: { groups: 32, classes: 3, context: 8, vector: 8, selfCondition: true },
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
    base: { name: "annotated", dim: 6, dimMults: [1, 2], useConvnext: false, resnetBlockGroups: 1 },
    others: {
      ...{ channels: 2, dim: 8, initDim: 5, dimMults: [1, 1], useConvnext: true, resnetBlockGroups: 2 },
      ...{ convnextMult: 3, norm: "layer", withTimeEmb: false, learnsVariance: true, imageChannels: 2 },
      ...{ outDim: 4 },
    },
    lacking: { unusedSkip: false, selfCondition: true },
  },
  {
    family: "annotated-later",
    base: { name: "annotated-later", dim: 4, dimMults: [1, 2] },
    others: {
      ...{ channels: 2, dim: 8, dimMults: [1, 1], resnetBlockGroups: 2, learnsVariance: true },
      ...{ selfCondition: true, imageChannels: 2, outDim: 3 },
    },
    lacking: { stemKernel: 7, multipliesKernels: false },
  },
  {
    family: "labml",
    base: { name: "labml", channels: 1, nChannels: 32, chMults: [1, 2], isAttn: [false, true], nBlocks: 1 },
    others: {
      ...{ channels: 3, nChannels: 64, chMults: [2, 1], cumulative: false, isAttn: [false, false] },
      ...{ nBlocks: 2, dropout: 0 },
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
    base: { name: "dataflowr", width: 2, nSteps: 5, timeEmbDim: 4 },
    others: { channels: 1, width: 4, nSteps: 6, timeEmbDim: 6, table: "transformer" },
    lacking: { norm: "group", timeEmbedding: "inside", outputs: 1 },
  },
  {
    family: "dataflowr-nano",
    base: { name: "nano", size: 8, nSteps: 5, timeEmbDim: 4 },
    others: { channels: 2, size: 16, nSteps: 6, timeEmbDim: 6, table: "transformer", outputs: 2 },
    lacking: { width: 4 },
  },
  {
    family: "lucidrains",
    base: { name: "lucidrains", channels: 1, dim: 4, dimMults: [1, 2] },
    others: {
      ...{ channels: 2, learnedVariance: true, dim: 8, initDim: 6, dimMults: [1, 1], outDim: 5 },
      ...{ learnedSinusoidalCond: true, randomFourierFeatures: true, learnedSinusoidalDim: 4 },
      ...{ sinusoidalPosEmbTheta: 100, dropout: 0.5, fullAttn: [true, false], attnHeads: [1, 2] },
      ...{ attnDimHead: 8, selfCondition: true, imageChannels: 2 },
    },
    lacking: {},
  },
  {
    family: "openai",
    base: {
      ...{ name: "guided", channels: 1, modelChannels: 32, channelMult: [1, 2], numResBlocks: 1 },
      ...{ attentionResolutions: [2] },
    },
    others: {
      ...{ channels: 3, learnsVariance: true, modelChannels: 64, channelMult: [1, 1], numResBlocks: 2 },
      ...{ attentionResolutions: [1], numHeads: 2, numHeadsUpsample: 2, numHeadChannels: 8 },
      ...{ useNewAttentionOrder: true, dropout: 0.5, useScaleShiftNorm: true, convResample: false },
      ...{ resblockUpdown: true, classNone: false, imageChannels: 2, outputs: 3 },
      ...{ inChannels: 1, outChannels: 2 },
    },
    lacking: { groups: 16, numClasses: 3, selfCondition: true },
  },
  {
    family: "edm",
    base: {
      ...{ name: "song", channels: 1, imgResolution: 8, modelChannels: 8, channelMult: [1, 2] },
      ...{ numBlocks: 1, attnResolutions: [4] },
    },
    others: {
      ...{ channels: 3, learnsVariance: true, modelChannels: 16, channelMult: [1, 1], numBlocks: 2 },
      ...{ imgResolution: 16, attnResolutions: [], dropout: 0.5, embeddingType: "fourier" },
      ...{ channelMultNoise: 2, channelMultEmb: 2, encoderType: "residual", decoderType: "skip" },
      ...{ resampleFilter: [1, 3, 3, 1], labelDim: 3, augmentDim: 9, imageChannels: 2, outputs: 3 },
      ...{ inChannels: 1, outChannels: 2 },
    },
    lacking: { selfCondition: true },
  },
  {
    family: "edm",
    base: {
      ...{ name: "dhariwal", channels: 1, imgResolution: 8, modelChannels: 8, channelMult: [1, 2] },
      ...{ numBlocks: 1, attnResolutions: [4] },
    },
    others: {
      ...{ channels: 3, learnsVariance: true, modelChannels: 16, channelMult: [1, 1], numBlocks: 2 },
      ...{ imgResolution: 16, attnResolutions: [], dropout: 0.5, channelMultEmb: 2, labelDim: 3 },
      ...{ augmentDim: 0, imageChannels: 2, outputs: 3, inChannels: 1, outChannels: 2 },
    },
    lacking: { selfCondition: true },
  },
  {
    family: "dit",
    base: { name: "dit", inputSize: 8, depth: 1, hiddenSize: 8, numHeads: 2, numClasses: 3 },
    others: {
      ...{ channels: 1, inChannels: 1, learnSigma: true, inputSize: [8, 8], patchSize: 4, size: "B" },
      ...{ depth: 2, hiddenSize: 16, numHeads: 1, mlpRatio: 2, numClasses: 2, classNone: false },
    },
    lacking: {
      ...{ inputSize: [8, 16], numClasses: undefined, imageChannels: 1, selfCondition: true },
      ...{ outputs: 5, context: 8 },
    },
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
    expect(() => rebuilt(family, { ...base, [option]: value })).toThrow(/\[(unet|exchange)\/.*/);
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
    resolved({
      ...{ name: "lucidrains", initDim: 64, fullAttn: [false, false, false, true] },
      attnHeads: [4, 4, 4, 4],
    }),
  );
  expect(resolved({ name: "labml" })).toEqual(
    resolved({ name: "labml", chMults: [1, 2, 4, 16], cumulative: false }),
  );
  expect(resolved({ name: "unet2d" })).not.toEqual(resolved({ name: "unet2d", attentionHeadDim: 16 }));
});
