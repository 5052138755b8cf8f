import { useBackend } from "@ddpm/backends";
import { denoiserSuite } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, test } from "vitest";
import {
  annotated,
  annotatedLater,
  dataflowr,
  dhariwal,
  dit,
  guided,
  ho,
  labml,
  lucidrains,
  lucidrains1d,
  mlp,
  nano,
  pointwise,
  song,
  unet1d,
  unet2d,
} from "../src/index.ts";
import { type ConformanceCase, conditionalCases } from "./support/conditional-cases.ts";

const small = { channels: 2, width: 8, multipliers: [1, 2], blocks: 1, groups: 4 };

const cases: readonly ConformanceCase[] = [
  ["ho", () => ho({ ...small, attention: [1] })],
  [
    "ho with labels, symmetric padding and two heads, on a picture that is not square",
    () => ho({ ...small, attention: [0], heads: 2, padding: "symmetric", classes: 3 }),
    { size: [4, 6] },
  ],
  [
    "ho that attends to a context and takes a vector",
    () => ho({ ...small, attention: [0], heads: 2, context: 5, vector: 3 }),
    { condition: (images) => ({ vector: tf.fill([images, 3], 0.7) as tf.Tensor2D }) },
  ],
  [
    "dit that attends to a context",
    () => dit({ inputSize: 8, patchSize: 4, hiddenSize: 8, depth: 2, numHeads: 2, context: 5 }),
  ],
  ["ho that attends to a context", () => ho({ ...small, attention: [0], heads: 2, context: 5 })],
  [
    "annotated, ResNet blocks",
    () => annotated({ channels: 1, dim: 6, dimMults: [1, 2], useConvnext: false, resnetBlockGroups: 2 }),
  ],
  [
    "annotated, corrected",
    () =>
      annotated({ dim: 6, dimMults: [1, 2], useConvnext: false, resnetBlockGroups: 2, unusedSkip: false }),
  ],
  ["annotated, ConvNeXt blocks", () => annotated({ dim: 6, dimMults: [1, 2] })],
  ["annotated, layer norm", () => annotated({ dim: 6, dimMults: [1, 2], norm: "layer" })],
  ["annotated-later", () => annotatedLater({ channels: 1, dim: 4, dimMults: [1, 2] })],
  [
    "annotated-later, standardised as meant, seeing its guess",
    () =>
      annotatedLater({
        channels: 1,
        dim: 4,
        dimMults: [1, 2],
        stemKernel: 7,
        multipliesKernels: false,
        selfCondition: true,
      }),
  ],
  [
    "labml",
    () =>
      labml({ nChannels: 8, chMults: [1, 2], isAttn: [false, true], nBlocks: 1, groups: 4, headGroups: 2 }),
  ],
  [
    "labml, corrected",
    () =>
      labml({
        nChannels: 8,
        chMults: [1, 2],
        cumulative: false,
        isAttn: [false, true],
        attentionNorm: true,
        nBlocks: 1,
        groups: 4,
        headGroups: 4,
      }),
  ],
  ["dataflowr", () => dataflowr({ channels: 1, width: 2, timeEmbDim: 6 }), { size: [16, 19] }],
  [
    "dataflowr, corrected",
    () =>
      dataflowr({
        channels: 1,
        width: 4,
        timeEmbDim: 6,
        table: "transformer",
        norm: "group",
        timeEmbedding: "inside",
      }),
    { size: [16, 17] },
  ],
  [
    "lucidrains",
    () => lucidrains({ dim: 4, dimMults: [1, 2], attnHeads: [1, 2], attnDimHead: 4, learnedVariance: true }),
  ],
  [
    "lucidrains with learned frequencies and self-conditioning",
    () =>
      lucidrains({
        channels: 1,
        dim: 4,
        dimMults: [1, 2],
        attnDimHead: 4,
        learnedSinusoidalCond: true,
        selfCondition: true,
        dropout: 0.1,
      }),
    {
      noise: [0.1, -1.2],
      condition: (images) => ({ guess: tf.ones([images, 4, 4, 1]) as tf.Tensor4D }),
    },
  ],
  [
    "guided",
    () =>
      guided({
        channels: 1,
        modelChannels: 8,
        channelMult: [1, 2],
        numResBlocks: 1,
        attentionResolutions: [2],
        numHeadChannels: 4,
        groups: 4,
        numClasses: 3,
        useScaleShiftNorm: true,
        resblockUpdown: true,
        learnsVariance: true,
        useNewAttentionOrder: true,
      }),
  ],
  [
    "guided by an image, with pooling and added time, without a row for no class",
    () =>
      guided({
        channels: 1,
        imageChannels: 2,
        modelChannels: 8,
        channelMult: [1, 1],
        numResBlocks: 1,
        attentionResolutions: [],
        numHeads: 2,
        groups: 4,
        convResample: false,
        numClasses: 2,
        classNone: false,
      }),
    { condition: (images) => ({ image: tf.ones([images, 4, 4, 2]) as tf.Tensor4D }) },
  ],
  [
    "unet2d",
    () =>
      unet2d({
        channels: 1,
        blockOutChannels: [8, 12],
        layersPerBlock: 1,
        downBlockTypes: ["DownBlock2D", "AttnDownBlock2D"],
        attentionHeadDim: 4,
        normNumGroups: 4,
        downsampleType: "resnet",
        upsampleType: "resnet",
        midBlockScaleFactor: 1.4,
        centerInputSample: true,
      }),
  ],
  [
    "unet2d with an image next to the features, Fourier waves, Mish",
    () =>
      unet2d({
        channels: 1,
        blockOutChannels: [8, 12],
        layersPerBlock: 1,
        downBlockTypes: ["SkipDownBlock2D", "SkipDownBlock2D"],
        normNumGroups: null,
        attentionHeadDim: null,
        timeEmbeddingType: "fourier",
        actFn: "mish",
        midBlockScaleFactor: Math.SQRT2,
      }),
    { size: [4, 6] },
  ],
  [
    "unet2d with K levels, a table of steps, classes as sinusoids",
    () =>
      unet2d({
        channels: 1,
        blockOutChannels: [32, 32],
        layersPerBlock: 1,
        downBlockTypes: ["KDownBlock2D", "KDownBlock2D"],
        timeEmbeddingType: "learned",
        numTrainTimesteps: 1000,
        numClassEmbeds: 3,
        classEmbedType: "timestep",
        actFn: "gelu",
        resnetTimeScaleShift: "scale_shift",
      }),
    { size: [4, 6] },
  ],
  [
    "unet2d resampling in blocks, given an embedding, without a middle",
    () =>
      unet2d({
        channels: 1,
        blockOutChannels: [8, 12],
        layersPerBlock: 1,
        downBlockTypes: ["ResnetDownsampleBlock2D", "DownBlock2D"],
        upBlockTypes: ["ResnetUpsampleBlock2D", "ResnetUpsampleBlock2D"],
        normNumGroups: 4,
        midBlockType: null,
        classEmbedType: "identity",
        actFn: "relu",
      }),
    { condition: (images) => ({ vector: tf.ones([images, 32]) as tf.Tensor2D }) },
  ],
  ...conditionalCases,
  [
    "song, DDPM++ with classes and augmentation labels",
    () =>
      song({ channels: 1, modelChannels: 8, channelMult: [1, 2], numBlocks: 1, labelDim: 3, augmentDim: 2 }),
    {
      size: [4, 6],
      noise: [-1.2, 0.8],
      condition: (images) => ({ vector: tf.fill([images, 2], 0.7) as tf.Tensor2D }),
    },
  ],
  [
    "song, NCSN++ that makes its image level by level",
    () =>
      song({
        channels: 1,
        modelChannels: 8,
        channelMult: [1, 2],
        numBlocks: 1,
        embeddingType: "fourier",
        channelMultNoise: 2,
        encoderType: "residual",
        decoderType: "skip",
        resampleFilter: [1, 3, 3, 1],
        learnsVariance: true,
      }),
    { size: [4, 6], noise: [-0.7, 0.4] },
  ],
  [
    "dhariwal",
    () =>
      dhariwal({
        channels: 1,
        imgResolution: 8,
        modelChannels: 8,
        channelMult: [1, 2],
        numBlocks: 1,
        labelDim: 2,
        attnResolutions: [8, 4],
        augmentDim: 3,
      }),
    {
      size: [4, 6],
      condition: (images) => ({ vector: tf.fill([images, 3], 0.7) as tf.Tensor2D }),
    },
  ],
  [
    "dit on pictures that are not square",
    () =>
      dit({
        channels: 1,
        inputSize: [4, 6],
        depth: 2,
        hiddenSize: 16,
        numHeads: 2,
        numClasses: 3,
        learnSigma: true,
      }),
  ],
  ["nano", () => nano({ size: 8, width: 2, timeEmbDim: 6 })],
  [
    "lucidrains-1d with learned frequencies, seeing its guess",
    () =>
      lucidrains1d({
        ...{ channels: 2, dim: 4, dimMults: [1, 2], attnDimHead: 4, attnHeads: 2 },
        ...{ learnedSinusoidalCond: true, selfCondition: true, learnedVariance: true, dropout: 0.1 },
      }),
    { noise: [0.1, -1.2], condition: (signals) => ({ guess: tf.ones([signals, 4, 2]) }) },
  ],
  [
    "unet1d of audio, with attention and Fourier waves next to the signals",
    () =>
      unet1d({
        blockOutChannels: [32, 32],
        downBlockTypes: ["DownBlock1DNoSkip", "AttnDownBlock1D"],
        upBlockTypes: ["AttnUpBlock1D", "UpBlock1DNoSkip"],
      }),
    { size: [16], noise: [0.1, 0.6] },
  ],
  [
    "unet1d of plans",
    () =>
      unet1d({
        ...{ channels: 3, blockOutChannels: [8, 16], actFn: "mish", freqShift: 1, flipSinToCos: false },
        ...{ timeEmbeddingType: "positional", useTimestepEmbedding: true },
        downBlockTypes: ["DownResnetBlock1D", "DownResnetBlock1D"],
        upBlockTypes: ["UpResnetBlock1D"],
        ...{ midBlockType: "MidResTemporalBlock1D", outBlockType: "OutConv1DBlock" },
      }),
  ],
  [
    "pointwise with a code",
    () => pointwise({ contextDim: 4, widths: [8, 12], channels: 3 }),
    {
      size: [5],
      noise: [0.01, 0.4],
      condition: (clouds) => ({ vector: tf.fill([clouds, 4], 0.7) as tf.Tensor2D }),
    },
  ],
  ["mlp", () => mlp({ width: 12 })],
  ["mlp with labels", () => mlp({ width: 12, classes: 4 })],
];

beforeAll(async () => {
  await useBackend("wasm");
});

describe.each(cases)("%s", (_what, make, options) => {
  for (const { name, run } of denoiserSuite(make, options)) test(name, run);
});
