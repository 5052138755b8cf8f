import { INFERENCE, type Params, random } from "@ddpm/core";
import type { Autoencoder, Samples } from "@ddpm/core/authoring";
import { expectClose } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { imageNetwork } from "../src/authoring.ts";
import {
  commitmentLoss,
  gaussianPosterior,
  klAutoencoder,
  klDivergence,
  posteriorSample,
  reconstruct,
  reconstruction,
  straightThrough,
  tinyAutoencoder,
  vqAutoencoder,
} from "../src/index.ts";

beforeAll(() => tf.setBackend("cpu"));

const narrow = { inChannels: 1, outChannels: 1, blockOutChannels: [4, 4], normNumGroups: 2 };
const kl = klAutoencoder({
  ...narrow,
  downBlockTypes: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  upBlockTypes: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
  latentChannels: 2,
});
const vq = vqAutoencoder({ ...narrow, blockOutChannels: [4], numVqEmbeddings: 8, latentChannels: 2 });
const samples: Samples = { data: random(1).normals(3 * 4 * 8), shape: [3, 4, 8, 1] };

/** Fresh weights moved a little, so that no gradient is 0 by their first values. */
function moved(autoencoder: Autoencoder): Params {
  const fresh = autoencoder.init(random(2));
  return Object.fromEntries(
    Object.entries(fresh).map(([name, value]) => {
      const noise = tf.tensor(random(3).fork(name).normals(value.size), value.shape);
      return [name, tf.add(value, tf.mul(0.1, noise))];
    }),
  );
}

describe("the loss of a batch", () => {
  const params = moved(kl);
  const inputs = reconstruction(kl).inputs(samples, random(7), 40);

  test("is the mean distance of pixels and the share of the KL divergence per number of the image", async () => {
    const posterior = gaussianPosterior(kl.encode(params, inputs.x));
    const decoded = kl.decode(params, posteriorSample(posterior, inputs.noise!));
    const divergence = klDivergence(posterior);
    for (const loss of ["l1", "l2"] as const) {
      const made = reconstruction(kl, { loss, klWeight: 0.5 }).loss(params, inputs, INFERENCE);
      const difference = tf.sub(decoded, inputs.x);
      const distance = tf.mean(loss === "l1" ? tf.abs(difference) : tf.square(difference), [1, 2, 3]);
      await expectClose(made.perSample, tf.add(distance, tf.mul(0.5 / 32, divergence)), { relative: 1e-5 });
      await expectClose(made.loss, tf.mean(made.perSample));
    }
  });

  test("has noise of each image's own number, however the stream is cut", async () => {
    const part: Samples = { data: samples.data.subarray(32), shape: [2, 4, 8, 1] };
    const cut = reconstruction(kl).inputs(part, random(7), 41);
    await expectClose(cut.noise!, tf.slice(inputs.noise!, [1, 0, 0, 0]));
    await expectClose(cut.x, tf.slice(inputs.x, [1, 0, 0, 0]));
  });

  test("of quantised latents has the commitment loss, and gradients reach the encoder and the codebook", async () => {
    const weights = moved(vq);
    const given = reconstruction(vq).inputs(samples, random(7), 0);
    expect(given.noise).toBeUndefined();
    const { loss, perSample } = reconstruction(vq, { loss: "l2" }).loss(weights, given, INFERENCE);
    const latents = vq.encode(weights, given.x);
    const { codes } = vq.codebook!.quantise(weights, latents);
    const decoded = vq.codebook!.decode(weights, straightThrough(latents, codes));
    const expected = tf.add(tf.losses.meanSquaredError(given.x, decoded), commitmentLoss(latents, codes));
    await expectClose(loss, expected, { relative: 1e-5 });
    expect(perSample.shape).toEqual([3]);
    const gradients = tf.variableGrads(
      () => reconstruction(vq).loss(variables, given, INFERENCE).loss,
      Object.values(variables),
    ).grads;
    const sums = Object.entries(gradients).map(([name, value]) => [
      name,
      tf.max(tf.abs(value)).dataSync()[0]!,
    ]);
    expect(sums.filter(([, largest]) => largest === 0)).toEqual([]);
    expect(sums).toHaveLength(vq.specs.filter(({ trainable }) => trainable).length);
  });
  const variables = Object.fromEntries(
    Object.entries(moved(vq)).map(([name, value]) => [name, tf.variable(value, true, `vq/${name}`)]),
  );

  test("of latents without a distribution is the distance alone", async () => {
    const tiny = tinyAutoencoder({
      ...{ inChannels: 1, outChannels: 1, encoderBlockOutChannels: [4, 4], decoderBlockOutChannels: [4, 4] },
      ...{ numEncoderBlocks: [1, 1], numDecoderBlocks: [1, 1] },
    });
    const weights = moved(tiny);
    const given = reconstruction(tiny).inputs(samples, random(7), 0);
    const { loss } = reconstruction(tiny).loss(weights, given, INFERENCE);
    await expectClose(loss, tf.mean(tf.abs(tf.sub(reconstruct(tiny, weights, given.x), given.x))));
  });
});

test("reconstructions are those of the means, and an autoencoder serves as a network from images to images", async () => {
  const params = moved(kl);
  const { x } = reconstruction(kl).inputs(samples, random(7), 0);
  const { mean } = gaussianPosterior(kl.encode(params, x));
  const expected = kl.decode(params, mean);
  await expectClose(reconstruct(kl, params, x), expected);
  const network = imageNetwork(kl);
  expect(network).toMatchObject({ axes: 2, channels: 1, outputs: 1, multiple: kl.factor });
  await expectClose(network.apply(params, x, tf.zeros([3]), {}, INFERENCE), expected);
});

test("images of other channels and sizes, and weights below 0, are refused", () => {
  const objective = reconstruction(kl);
  objective.checkSamples([4, 8, 1]);
  expect(() => objective.checkSamples([4, 8, 3])).toThrow(/\[4,8,3\]|\[4, 8, 3\]/);
  expect(() => objective.checkSamples([5, 8, 1])).toThrow(/5 is no multiple of 2/);
  expect(() => reconstruction(kl, { klWeight: -1 })).toThrow(/klWeight is -1/);
  expect(() => reconstruction({ ...kl, outputs: 3 })).toThrow(/encodes 1 channels and decodes 3/);
});
