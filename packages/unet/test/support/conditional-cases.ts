import type { Denoiser } from "@ddpm/core";
import type { DenoiserSuiteOptions } from "@ddpm/testing/authoring";
import * as tf from "@tensorflow/tfjs";
import { unet2dCondition } from "../../src/index.ts";

/** A network for the conformance suite, and what it is built as. */
export type ConformanceCase = [what: string, make: () => Denoiser, options?: DenoiserSuiteOptions];

const smallCondition = {
  channels: 2,
  blockOutChannels: [8, 12],
  layersPerBlock: 1,
  normNumGroups: 4,
  crossAttentionDim: 6,
  attentionHeadDim: 4,
};

/** Conditional U-Nets of diffusers. */
export const conditionalCases: readonly ConformanceCase[] = [
  [
    "unet2d-condition with transformers and labels, of sizes that two does not divide",
    () =>
      unet2dCondition({
        ...smallCondition,
        downBlockTypes: ["CrossAttnDownBlock2D", "DownBlock2D"],
        upBlockTypes: ["UpBlock2D", "CrossAttnUpBlock2D"],
        numClassEmbeds: 3,
        classNone: true,
        downsamplePadding: 0,
      }),
    { size: [5, 4] },
  ],
  [
    "unet2d-condition with joined attention, numbers for the class and the guidance",
    () =>
      unet2dCondition({
        ...smallCondition,
        downBlockTypes: ["ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"],
        midBlockType: "UNetMidBlock2DSimpleCrossAttn",
        upBlockTypes: ["SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"],
        classEmbedType: "projection",
        projectionClassEmbeddingsInputDim: 4,
        crossAttentionNorm: "layer_norm",
        crossAttentionDim: 12,
        timeCondProjDim: 3,
        resnetSkipTimeAct: true,
      }),
    { condition: (images) => ({ vector: tf.ones([images, 7]) as tf.Tensor2D }) },
  ],
  [
    "unet2d-condition with K levels that attend to a context, without norm at the end",
    () =>
      unet2dCondition({
        ...smallCondition,
        blockOutChannels: [32, 32],
        normNumGroups: null,
        timeEmbeddingDim: 32,
        timeEmbeddingType: "fourier",
        midBlockType: null,
        downBlockTypes: ["KDownBlock2D", "KCrossAttnDownBlock2D"],
        upBlockTypes: ["KCrossAttnUpBlock2D", "KUpBlock2D"],
      }),
    { size: [4, 6], noise: [0.1, 0.7] },
  ],
  [
    "unet2d-condition as in SDXL: a text's embedding and sizes, deep transformers, a projected context",
    () =>
      unet2dCondition({
        ...smallCondition,
        downBlockTypes: ["DownBlock2D", "CrossAttnDownBlock2D"],
        upBlockTypes: ["CrossAttnUpBlock2D", "UpBlock2D"],
        transformerLayersPerBlock: [1, 2],
        attentionHeadDim: [1, 2],
        additionEmbedType: "text_time",
        additionTimeEmbedDim: 4,
        projectionClassEmbeddingsInputDim: 29,
        encoderHidDim: 7,
      }),
    {
      condition: (images) => ({
        vector: tf.linspace(0, 1, 11 * images).reshape([images, 11]) as tf.Tensor2D,
      }),
    },
  ],
];
