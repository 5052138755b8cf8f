import { type Denoiser, INFERENCE, type Params, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { denoiserFrom, scope } from "../src/authoring.ts";
import { annotated, denoisers, dit, guided, ho, labml, lucidrains1d, song, unet1d } from "../src/index.ts";
import { zeros } from "../src/initialisers.ts";

const tiny = ho({ channels: 1, width: 4, multipliers: [1, 1, 1], blocks: 1, attention: [] });

describe("apply refuses", () => {
  const params = tiny.init(random(1));
  const noise = tf.tensor1d([5]);
  const apply = (shape: [number, number, number, number], condition = {}) =>
    tiny.apply(params, tf.zeros(shape), noise, condition, INFERENCE);

  test("sizes that do not halve, with the nearest that do", () => {
    expect(() => apply([1, 10, 8, 1])).toThrow(
      "height 10 is no multiple of 4. The nearest that fit: 8 or 12.",
    );
    expect(() => apply([1, 8, 3, 1])).toThrow("width 3 is no multiple of 4. The nearest that fit: 4.");
  });

  test("other channels, a noise level too many, labels, images and guesses it does not take", () => {
    expect(() => apply([1, 8, 8, 2])).toThrow("x has shape [1, 8, 8, 2], expected [any, any, any, 1]");
    expect(() => apply([2, 8, 8, 1])).toThrow("noise has shape [1], expected [2]");
    expect(() => apply([1, 8, 8, 1], { labels: tf.tensor1d([0], "int32") })).toThrow(
      "condition.labels was given, but the network takes none",
    );
    expect(() => apply([1, 8, 8, 1], { image: tf.zeros([1, 8, 8, 1]) })).toThrow("takes none");
    expect(() => apply([1, 8, 8, 1], { guess: tf.zeros([1, 8, 8, 1]) })).toThrow("condition.guess was given");
  });

  test("samples of another number of axes, with the number that it takes", () => {
    const signals = lucidrains1d({ channels: 1, dim: 4, dimMults: [1, 2] });
    const weights = signals.init(random(1));
    const applied = (net: Denoiser, own: Params, shape: number[]) => () =>
      net.apply(own, tf.zeros(shape), noise, {}, INFERENCE);
    expect(applied(tiny, params, [1, 8, 1])).toThrow(
      "x has shape [1, 8, 1], expected [any, any, any, 1]. The network takes samples with 2 axes between batch and channels.",
    );
    expect(applied(signals, weights, [1, 8, 8, 1])).toThrow(
      "x has shape [1, 8, 8, 1], expected [any, any, 1]. The network takes samples with 1 axis between batch and channels.",
    );
    expect(applied(signals, weights, [1, 7, 1])).toThrow(
      "length 7 is no multiple of 2. The nearest that fit: 6 or 8.",
    );
  });

  test("weights with a hole", () => {
    const { "stem.kernel": _, ...rest } = params;
    expect(() => tiny.apply(rest, tf.zeros([1, 8, 8, 1]), noise, {}, INFERENCE)).toThrow(
      'parameter "stem.kernel" is missing',
    );
  });
});

describe("building refuses", () => {
  test("a name declared twice", () => {
    const root = scope();
    root.param("a", [1], zeros);
    expect(() => root.param("a", [1], zeros)).toThrow('parameter "a" is declared twice');
  });

  test("unknown options, with the nearest", () => {
    expect(() => denoisers.create({ name: "ho", widht: 3 })).toThrow('Did you mean "width"?');
    expect(() => denoisers.create("hoo")).toThrow("expected one of ho, annotated, annotated-later, labml");
  });

  test("attention at a level that is not there, and the first multiplier that the published net cannot have", () => {
    expect(() => ho({ multipliers: [1, 2], attention: [2] })).toThrow("the levels are 0 to 1");
    expect(() => annotated({ dimMults: [2, 4] })).toThrow("the first of dimMults must be 1");
    expect(annotated({ dimMults: [2, 4], unusedSkip: false }).name).toBe("annotated");
  });

  test("attention resolutions in pixels where they say how many times smaller a level is", () => {
    expect(() => guided({ attentionResolutions: [16] })).toThrow(
      "attentionResolutions has 16, expected some of 1, 2, 4, 8.",
    );
  });

  test("attention for another number of levels", () => {
    expect(() => labml({ chMults: [1, 2] })).toThrow(
      "isAttn has 4 values, expected one for each of the 2 chMults",
    );
  });

  test("channels that contradict those of the reference's counts", () => {
    expect(() => dit({ channels: 3, inChannels: 4 })).toThrow("channels is 3 and inChannels 4");
    expect(() => song({ channels: 3, inChannels: 4 })).toThrow(
      "channels is 3, but 4 inChannels and 4 outChannels",
    );
    expect(guided({ inChannels: 6, outChannels: 3 })).toMatchObject({ channels: 3, imageChannels: 3 });
  });
});

describe("levels that cannot stand together are refused", () => {
  test.each([
    [{ downBlockTypes: ["DownBlock2D", "KDownBlock2D"] }, "K levels next to others"],
    [
      {
        downBlockTypes: ["DownBlock2D", "SkipDownBlock2D", "DownBlock2D"],
        blockOutChannels: [32, 32, 32],
      },
      "skip levels below others on the way down",
    ],
    [{ upBlockTypes: ["SkipUpBlock2D", "UpBlock2D"] }, "skip levels below others on the way up"],
    [{ upBlockTypes: ["SkipUpBlock2D", "SkipUpBlock2D"], learnsVariance: true }, "learned variances"],
    [{ downBlockTypes: ["DownBlock2D"] }, "2 blockOutChannels, but 1 downBlockTypes and 1 upBlockTypes"],
    [{ normNumGroups: null }, "normNumGroups is null"],
    [{ timeEmbeddingType: "learned" }, 'Set the option "numTrainTimesteps"'],
    [{ inChannels: 4, channels: 4 }, "channels is 4, but 4 inChannels and 3 outChannels make 3"],
    [{ inChannels: 4, imageChannels: 2 }, "imageChannels is 2, but 4 inChannels and 3 outChannels make 1"],
  ] as const)("%j", (options, message) => {
    const plain = { blockOutChannels: [32, 32], downBlockTypes: ["DownBlock2D", "DownBlock2D"] };
    expect(() => denoisers.create({ name: "unet2d", ...plain, ...options })).toThrow(message);
  });
});

describe("options of signals' networks that do not fit each other are refused", () => {
  test.each([
    [{ downBlockTypes: ["DownBlock1D"], upBlockTypes: [] }, "3 blockOutChannels, but 1 downBlockTypes"],
    [{ extraInChannels: 0, inChannels: 2 }, "Set extraInChannels to 64, or leave it out."],
    [{ timeEmbeddingDim: 7 }, "timeEmbeddingDim is 7, expected an even number."],
    [{ useTimestepEmbedding: true }, "actFn is left out"],
    [{ useTimestepEmbedding: true, actFn: "silu" }, "DownBlock1DNoSkip with an embedding."],
    [{ midBlockType: "MidResTemporalBlock1D" }, "temporal blocks without an embedding."],
    [{ blockOutChannels: [8, 8, 16] }, "16 channels do not split into heads."],
    [
      { downBlockTypes: ["DownBlock1D", "DownBlock1DNoSkip", "DownBlock1D"] },
      "DownBlock1DNoSkip below the first level.",
    ],
  ] as const)("%j", (options, message) => {
    expect(() => denoisers.create({ name: "unet1d", ...options })).toThrow(message);
  });

  test("signals shorter than the filter between levels", () => {
    const net = unet1d();
    const params = net.init(random(1));
    expect(() => net.apply(params, tf.zeros([1, 16, 2]), tf.tensor1d([0.5]), {}, INFERENCE)).toThrow(
      "a level has signals of length 2, and its filter needs 3 or more.",
    );
  });
});

test("a transformer refuses sizes that are no patches, and vectors that it does not take", () => {
  expect(() => dit({ inputSize: [8, 7], patchSize: 4 })).toThrow(
    "8 × 7 pixels do not split into patches of 4. The nearest that do: 8 × 8.",
  );
  const net = dit({ inputSize: 4, hiddenSize: 8, numHeads: 2, depth: 1, channels: 1 });
  const params = net.init(random(1));
  const [x, noise] = [tf.zeros([1, 4, 4, 1]) as tf.Tensor4D, tf.tensor1d([1])];
  const vector = tf.zeros([1, 3]) as tf.Tensor2D;
  expect(() => net.apply(params, x, noise, { vector }, INFERENCE)).toThrow("takes none");
});

test("a custom network needs a scope and a function", () => {
  const root = scope();
  const gain = root.param("gain", [3], zeros);
  const denoiser = denoiserFrom(root, {
    name: "gain",
    channels: 3,
    forward: (run, x) => tf.mul(x, tf.add(1, gain(run))),
  });
  const params = denoiser.init(random(1));
  const y = denoiser.apply(params, tf.ones([1, 2, 2, 3]), tf.tensor1d([0]), {}, INFERENCE);
  expect(y.dataSync()).toEqual(new Float32Array(12).fill(1));
});
