import "@tensorflow/tfjs";
import { type Denoiser, disposeParams, INFERENCE, random } from "@ddpm/core";
import { outputChannels } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { denoisers } from "../src/index.ts";

const nets = [
  { name: "ho", width: 8, multipliers: [1], blocks: 1, attention: [] },
  { name: "annotated", dim: 4, dimMults: [1] },
  { name: "annotated-later", dim: 4, dimMults: [1], resnetBlockGroups: 2 },
  { name: "labml", nChannels: 32, chMults: [1], nBlocks: 1, isAttn: [false] },
  { name: "dataflowr", width: 2, nSteps: 5, timeEmbDim: 4 },
  { name: "nano", size: 8, width: 4, nSteps: 5, timeEmbDim: 4 },
  { name: "lucidrains", dim: 4, dimMults: [1], attnHeads: 1, attnDimHead: 4 },
  {
    name: "guided",
    modelChannels: 8,
    channelMult: [1],
    numResBlocks: 1,
    attentionResolutions: [],
    groups: 4,
  },
  {
    name: "unet2d",
    blockOutChannels: [8],
    normNumGroups: 4,
    layersPerBlock: 1,
    downBlockTypes: ["DownBlock2D"],
  },
  {
    ...{ name: "unet2d-condition", blockOutChannels: [8], normNumGroups: 4, layersPerBlock: 1 },
    ...{ downBlockTypes: ["DownBlock2D"], upBlockTypes: ["UpBlock2D"], midBlockType: null },
  },
  {
    name: "song",
    modelChannels: 8,
    channelMult: [1, 1],
    numBlocks: 1,
    attnResolutions: [],
    decoderType: "skip",
  },
  { name: "dhariwal", modelChannels: 8, channelMult: [1], numBlocks: 1, attnResolutions: [] },
  { name: "dit", inputSize: 8, patchSize: 4, depth: 1, hiddenSize: 8, numHeads: 2 },
  { name: "mlp", width: 8, layers: 1, waves: 2 },
  { name: "pointwise", widths: [8], residual: false },
  { name: "lucidrains-1d", dim: 4, dimMults: [1], attnHeads: 1, attnDimHead: 4 },
  {
    ...{ name: "unet1d", blockOutChannels: [8], actFn: "mish", normNumGroups: 4 },
    ...{ timeEmbeddingType: "positional", useTimestepEmbedding: true },
    ...{ downBlockTypes: ["DownResnetBlock1D"], upBlockTypes: ["UpResnetBlock1D"] },
    ...{ midBlockType: "MidResTemporalBlock1D", outBlockType: "OutConv1DBlock" },
  },
];

test("every network is here", () => {
  expect(nets.map(({ name }) => name).sort()).toEqual([...denoisers.names].sort());
});

/** The option for the channels of the output: ours, or the reference's. */
const optionOf = (name: string): string =>
  "outDim" in denoisers.get(name).schema.shape ? "outDim" : "outputs";

describe.each(nets)("$name", (spec) => {
  const plain = denoisers.create({ ...spec, channels: 2 });
  const [side = 4] = plain.size ?? [spec.name === "dataflowr" ? 16 : 4];
  const lengths = new Array<number>(plain.axes).fill(side);
  const outputOf = (denoiser: Denoiser): tf.Tensor => {
    const params = denoiser.init(random(1));
    const x = tf.zeros([2, ...lengths, 2]);
    const noise = tf.tensor1d([1, 2]);
    const y = denoiser.apply(params, x, noise, {}, INFERENCE);
    tf.dispose([x, noise]);
    disposeParams(params);
    return y;
  };

  test.each([1, 5])("with outputs of %i channels returns them", (outputs) => {
    const denoiser = denoisers.create({ ...spec, channels: 2, [optionOf(spec.name)]: outputs });
    expect(denoiser).toMatchObject({ channels: 2, outputs });
    const y = outputOf(denoiser);
    expect([y.shape, plain.outputs]).toEqual([[2, ...lengths, outputs], 2]);
    y.dispose();
  });

  test("with other outputs starts from the same weights up to its last layers", async () => {
    const other = denoisers.create({ ...spec, channels: 2, [optionOf(spec.name)]: 5 });
    expect(other.specs.map(({ name }) => name)).toEqual(plain.specs.map(({ name }) => name));
    const [ours, theirs] = [plain.init(random(1)), other.init(random(1))];
    for (const { name, shape } of plain.specs) {
      if (/(^|\.)out\.(conv1?\.|dense\.|offset\.|gate\.)?(kernel|bias)$/.test(name)) continue;
      expect([name, theirs[name]!.shape]).toEqual([name, shape]);
      expect(await theirs[name]!.data()).toEqual(await ours[name]!.data());
    }
    disposeParams(ours);
    disposeParams(theirs);
  });
});

test("a learned variance decides the outputs: others next to it are refused", () => {
  const learned = { ...nets[7]!, channels: 3, learnsVariance: true };
  expect(denoisers.create(learned).outputs).toBe(6);
  expect(denoisers.create({ ...learned, outputs: 6 }).outputs).toBe(6);
  expect(() => denoisers.create({ ...learned, outputs: 5 })).toThrow(
    "[unet/guided] outputs is 5, but with a learned variance 3 channels make 6. Leave outputs out",
  );
});

test("the image next to the features of unet2d has the channels of the output", () => {
  const skips = { name: "unet2d", blockOutChannels: [8, 8], layersPerBlock: 1, normNumGroups: null };
  const downBlockTypes = ["SkipDownBlock2D", "SkipDownBlock2D"];
  const denoiser = denoisers.create({ ...skips, downBlockTypes, channels: 1, outputs: 3 });
  expect(denoiser.specs.find(({ name }) => name === "down.0.picture.kernel")!.shape).toEqual([1, 1, 1, 8]);
  expect(denoiser.specs.find(({ name }) => name === "up.1.picture.kernel")!.shape).toEqual([3, 3, 8, 3]);
});

test("a network that declares no outputs returns its channels, twice as many with a learned variance", () => {
  expect(outputChannels({ channels: 3 })).toBe(3);
  expect(outputChannels({ channels: 3, learnsVariance: true })).toBe(6);
  expect(outputChannels({ channels: 3, outputs: 5 })).toBe(5);
});
