import { useBackend } from "@ddpm/backends";
import type { Autoencoder } from "@ddpm/core/authoring";
import { type AutoencoderSuiteOptions, autoencoderSuite } from "@ddpm/testing/authoring";
import "@tensorflow/tfjs";
import { beforeAll, describe, test } from "vitest";
import { klAutoencoder, tinyAutoencoder, vqAutoencoder } from "../src/index.ts";

const two = {
  ...{ blockOutChannels: [4, 8], normNumGroups: 2, latentChannels: 2 },
  downBlockTypes: ["DownEncoderBlock2D" as const, "AttnDownEncoderBlock2D" as const],
  upBlockTypes: ["AttnUpDecoderBlock2D" as const, "UpDecoderBlock2D" as const],
};
const tiny = {
  ...{ encoderBlockOutChannels: [4, 4], decoderBlockOutChannels: [4, 4] },
  ...{ numEncoderBlocks: [1, 1], numDecoderBlocks: [1, 1], latentChannels: 3 },
};

const cases: readonly [string, () => Autoencoder, AutoencoderSuiteOptions?][] = [
  ["kl with attention in its levels", () => klAutoencoder({ ...two, inChannels: 1, outChannels: 1 })],
  [
    "kl without attention and 1×1 convolutions, with Mish",
    () =>
      klAutoencoder({
        ...{ blockOutChannels: [4], normNumGroups: 2, actFn: "mish" },
        ...{ useQuantConv: false, usePostQuantConv: false, midBlockAddAttention: false },
      }),
  ],
  ["vq", () => vqAutoencoder({ ...two, numVqEmbeddings: 4, vqEmbedDim: 3 })],
  ["vq with averaged rows", () => vqAutoencoder({ ...two, numVqEmbeddings: 4, codebookDecay: 0.9 })],
  [
    "vq with spatial norms over two levels",
    () => vqAutoencoder({ ...two, blockOutChannels: [32, 32], numVqEmbeddings: 4, normType: "spatial" }),
    { size: [4, 6] },
  ],
  ["tiny", () => tinyAutoencoder({ ...tiny, actFn: "gelu" })],
  [
    "tiny with a strided stem, norms in its coarsest blocks, and bilinear enlargement by 8",
    () =>
      tinyAutoencoder({
        ...{ ...tiny, stemChannels: [2, 4], midBlockNorm: true, upsampleFn: "bilinear" },
        ...{ upsamplingScalingFactor: 8, encoderBlockOutChannels: [4, 4] },
      }),
  ],
];

beforeAll(async () => {
  await useBackend("wasm");
});

describe.each(cases)("%s", (_name, make, options) => {
  for (const { name, run } of autoencoderSuite(make, options)) test(name, run);
});
