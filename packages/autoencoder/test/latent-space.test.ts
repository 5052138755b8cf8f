import { disposeParams, type Params, random } from "@ddpm/core";
import { expectClose } from "@ddpm/testing";
import { latentSpaceSuite } from "@ddpm/testing/authoring";
import { scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { autoencoderFrom } from "../src/authoring.ts";
import {
  gaussianPosterior,
  klAutoencoder,
  latentSpace,
  measureLatents,
  posteriorSample,
  tinyAutoencoder,
} from "../src/index.ts";

const kl = klAutoencoder({
  ...{ blockOutChannels: [4, 4], normNumGroups: 2, latentChannels: 2, scalingFactor: 0.5, shiftFactor: 3 },
  downBlockTypes: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  upBlockTypes: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
});
let params: Params;
beforeAll(async () => {
  await tf.setBackend("cpu");
  params = kl.init(random(1));
});
afterAll(() => disposeParams(params));

const images = (seed: number, height = 8, width = 12): tf.Tensor4D =>
  tf.tensor4d(random(seed).normals(2 * height * width * 3), [2, height, width, 3]);

test("latents are the mean, or mean + deviation · noise, less the published shift, times the published scale", async () => {
  const space = latentSpace({ autoencoder: kl, params });
  const [x, noise] = [images(1), tf.tensor4d(random(2).normals(2 * 4 * 6 * 2), [2, 4, 6, 2])];
  const posterior = gaussianPosterior(kl.encode(params, x));
  await expectClose(space.encode(x), tf.mul(tf.sub(posterior.mean, 3), 0.5));
  await expectClose(space.encode(x, noise), tf.mul(tf.sub(posteriorSample(posterior, noise), 3), 0.5));
  await expectClose(space.decode(space.encode(x)), kl.decode(params, posterior.mean), { absolute: 1e-4 });
  expect(space.sizeOf([8, 12])).toEqual([4, 6]);
});

test("a scale that is given replaces the published one, channel by channel", async () => {
  const space = latentSpace({ autoencoder: kl, params, scale: [2, 4], shift: 0 });
  const { mean } = gaussianPosterior(kl.encode(params, images(1)));
  await expectClose(space.encode(images(1)), tf.mul(mean, [2, 4]));
  expect(space).toMatchObject({ scale: [2, 4], shift: [0, 0], channels: 2, imageChannels: 3, factor: 2 });
});

test("measured per channel, latents get mean 0 and variance 1; together, variance 1 without a shift", async () => {
  const batches = [images(1), images(2), images(3)];
  const flat = async (per: "all" | "channel"): Promise<number[][]> => {
    const measured = await measureLatents(free, {}, batches, { per });
    expect(measured.images).toBe(6);
    const space = latentSpace({ autoencoder: free, params: {}, ...measured });
    const all = tf.reshape(tf.concat(batches.map((x) => space.encode(x))), [-1, 3]);
    return (tf.transpose(all) as tf.Tensor2D).array();
  };
  const average = (values: readonly number[]): number =>
    values.reduce((sum, v) => sum + v, 0) / values.length;
  for (const channel of await flat("channel")) {
    expect(average(channel)).toBeCloseTo(0, 5);
    expect(average(channel.map((value) => value ** 2))).toBeCloseTo(1, 4);
  }
  const together = (await flat("all")).flat();
  const centre = average(together);
  expect(average(together.map((value) => (value - centre) ** 2))).toBeCloseTo(1, 4);
});

/** Latents are the pixels, moved and stretched differently in each channel. */
const free = autoencoderFrom(scope(), {
  ...{ name: "free", channels: 3, outputs: 3, latentChannels: 3, factor: 1 },
  encode: (_run, x) => tf.add(tf.mul(x, [1, 5, 0.1]), [4, 0, -2]),
  decode: (_run, z) => z,
});

test("the variance of the distributions is part of what is measured", async () => {
  const wide = autoencoderFrom(scope(), {
    ...{ name: "wide", channels: 3, outputs: 3, latentChannels: 3, factor: 1, gaussian: true },
    encode: (_run, x) => tf.concat([tf.mul(x, 0), tf.fill(x.shape, Math.log(9))], 3),
    decode: (_run, z) => z,
  });
  const { deviation, scale } = await measureLatents(wide, {}, [images(1)]);
  for (const value of deviation) expect(value).toBeCloseTo(3, 5);
  expect(scale[0]).toBeCloseTo(1 / 3, 6);
});

test("with tiles, what is larger than a tile is encoded and decoded in tiles", async () => {
  const space = latentSpace({ autoencoder: kl, params, tiling: { size: 8 } });
  const whole = latentSpace({ autoencoder: kl, params });
  const [small, large] = [images(1, 8, 8), images(1, 16, 16)];
  await expectClose(space.encode(small), whole.encode(small), { absolute: 0 });
  const off = tf.max(tf.abs(tf.sub(space.encode(large), whole.encode(large)))).dataSync()[0]!;
  expect(off).toBeGreaterThan(1e-4);
  expect(space.decode(space.encode(large)).shape).toEqual([2, 16, 16, 3]);
});

const tiny = tinyAutoencoder({
  ...{
    encoderBlockOutChannels: [4],
    decoderBlockOutChannels: [4],
    numEncoderBlocks: [1],
    numDecoderBlocks: [1],
  },
});
const weights = tiny.init(random(1));

const spaces = {
  "of a distribution": () =>
    latentSpace({ autoencoder: kl, params: kl.init(random(1)), tiling: { size: 8 } }),
  "without one": () => latentSpace({ autoencoder: tiny, params: weights, scale: 2, shift: [1, 2, 3, 4] }),
};

describe.each(Object.entries(spaces))("the latent space %s", (_name, make) => {
  for (const { name, run } of latentSpaceSuite(make())) test(name, run);
});

test("what does not fit is refused in words", async () => {
  const space = latentSpace({ autoencoder: kl, params });
  const where = "[autoencoder/latent-space]";
  const noise = (channels: number) => tf.zeros([2, 4, 6, channels]) as tf.Tensor4D;
  expect(() => space.encode(images(1), noise(3))).toThrow(`${where} noise has shape [2, 4, 6, 3]`);
  expect(() => space.decode(noise(3))).toThrow(
    `${where} z has shape [2, 4, 6, 3], expected [any, any, any, 2]`,
  );
  expect(() => space.sizeOf([7, 8])).toThrow("height 7 is no multiple of 2. The nearest that fit: 6 or 8.");
  expect(() => latentSpace({ autoencoder: kl, params: {} })).toThrow(
    '"encoder.stem.kernel" of kl is missing',
  );
  const other = { ...params, "encoder.stem.kernel": tf.zeros([1, 1, 3, 4]) };
  expect(() => latentSpace({ autoencoder: kl, params: other })).toThrow("expected [3, 3, 3, 4]");
  for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => latentSpace({ autoencoder: kl, params, scale })).toThrow(
      `a scale of ${scale}. Give positive`,
    );
  expect(() => latentSpace({ autoencoder: kl, params, shift: [1, 2, 3] })).toThrow(
    "shift lists 3 numbers for 2",
  );
  expect(() => latentSpace({ autoencoder: kl, params, tiling: { size: 7 } })).toThrow("do not join");
  const plain = latentSpace({ autoencoder: tiny, params: weights });
  expect(() => plain.encode(images(1), tf.zeros([2, 8, 12, 4]))).toThrow(
    "whose latents have no distribution",
  );
  await expect(measureLatents(free, {}, [])).rejects.toThrow("no images were given");
  const same = [tf.zeros([1, 4, 4, 3]) as tf.Tensor4D];
  await expect(measureLatents(free, {}, same, { per: "channel" })).rejects.toThrow(
    "channel 0 are all the same",
  );
  const broken = [tf.fill([1, 4, 4, 3], Number.NaN) as tf.Tensor4D];
  await expect(measureLatents(free, {}, broken)).rejects.toThrow("latents that are not finite");
});
