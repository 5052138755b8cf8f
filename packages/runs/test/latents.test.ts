import { klAutoencoder, latentSpace } from "@ddpm/autoencoder";
import { type ImageStream, random } from "@ddpm/core";
import { imageStream, shapes } from "@ddpm/data";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { encodedImages, imageLatents, latentStream } from "../src/authoring.ts";
import { memoryStorage } from "../src/index.ts";

beforeAll(() => tf.setBackend("cpu"));

const autoencoder = klAutoencoder({
  ...{ blockOutChannels: [4, 4], layersPerBlock: 1, latentChannels: 2, normNumGroups: 2 },
  downBlockTypes: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  upBlockTypes: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
  midBlockAddAttention: false,
});
const params = autoencoder.init(random(1));
const images: ImageStream = imageStream(shapes({ size: 16, count: 6 }), {
  seed: 0,
  flip: false,
  shuffle: false,
});
const cache = memoryStorage();
const options = { autoencoder, params, network: "kl", sha256: "ab", images, cache };
const scaling = { scale: [2, 3], shift: [0.1, -0.2] };

test("each image and its mirror image is encoded once, and kept", async () => {
  const encoded = await encodedImages({ ...options, mirror: true });
  expect(encoded).toMatchObject({ length: 12, shape: [8, 8, 4], flippable: false });
  const { data, shape } = await images.read(0, 6);
  const x = tf.tensor4d(data, [6, shape[1], shape[2], shape[3]]);
  const expected = await autoencoder.encode(params, tf.concat([x, tf.reverse(x, 2)])).data();
  for (let i = 0; i < 12; i++) {
    const { values, label } = await encoded.image(i);
    values!.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[i * 256 + k]!, 5);
    });
    expect(label).toBe((await images.read(i % 6, 1)).labels![0]);
  }
  const broken = { ...autoencoder, encode: () => expect.fail("encoded again") };
  const again = await encodedImages({ ...options, mirror: true, autoencoder: broken });
  expect((await again.image(11)).values).toEqual((await encoded.image(11)).values);
});

test("a network of the same weights with other options has encoded images of its own", async () => {
  const [two, one] = await Promise.all(
    [2, 1].map((normNumGroups) =>
      encodedImages({ ...options, network: { name: "kl", normNumGroups }, mirror: false }),
    ),
  );
  expect(two!.fingerprint).not.toBe(one!.fingerprint);
});

test("latents are draws of each image's distribution, scaled, another each time and the same for each number", async () => {
  const encoded = await encodedImages({ ...options, mirror: false });
  const stream = imageStream(encoded, { seed: 0, flip: false, shuffle: false });
  const latents = latentStream(stream, { ...scaling, gaussian: true, sample: true, seed: 5 });
  expect(latents.shape).toEqual([8, 8, 2]);
  const all = await latents.read(0, 12);
  expect((await latents.read(10, 2)).data).toEqual(all.data.subarray(10 * 128));
  expect(all.data.slice(0, 128)).not.toEqual(all.data.slice(6 * 128, 7 * 128));
  const noise = new Float32Array(3 * 128);
  for (let k = 0; k < 3; k++) noise.set(random(5).fork("posterior").fork(k).normals(128), k * 128);
  const { data, shape } = await images.read(0, 3);
  const space = latentSpace({ autoencoder, params, ...scaling });
  const z = space.encode(
    tf.tensor4d(data, [3, shape[1], shape[2], shape[3]]),
    tf.tensor4d(noise, [3, 8, 8, 2]),
  );
  (await z.data()).forEach((value, i) => {
    expect(all.data[i]).toBeCloseTo(value, 4);
  });
  const means = latentStream(stream, { ...scaling, gaussian: true, sample: false, seed: 5 });
  const mean = space.encode(tf.tensor4d(data, [3, shape[1], shape[2], shape[3]]));
  const read = (await means.read(0, 3)).data;
  (await mean.data()).forEach((value, i) => {
    expect(read[i]).toBeCloseTo(value, 4);
  });
  expect(means.fingerprint).not.toBe(latents.fingerprint);
});

test("images of latents are those of the latent space, clipped, however many at a time", async () => {
  const own = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value.clone()]));
  const latents = imageLatents({ autoencoder, params: own, latent: scaling });
  const z = { data: random(3).normals(3 * 128), shape: [3, 8, 8, 2] as const };
  const { data, shape } = await latents.decode(z);
  expect(shape).toEqual([3, 16, 16, 3]);
  const expected = tf.clipByValue(
    latentSpace({ autoencoder, params, ...scaling }).decode(tf.tensor4d(z.data, [3, 8, 8, 2])),
    -1,
    1,
  );
  (await expected.data()).forEach((value, i) => {
    expect(data[i]).toBeCloseTo(value, 4);
  });
  expect(latents.imageShape([8, 8, 2])).toEqual([16, 16, 3]);
  latents.dispose();
});

test("images of other sizes and channels are refused", async () => {
  const other = (size: number): ImageStream => ({ ...images, shape: [size, size, 3] });
  await expect(encodedImages({ ...options, mirror: false, images: other(7) })).rejects.toThrow(
    /multiples of 2/,
  );
  const grey: ImageStream = { ...images, shape: [16, 16, 1] };
  await expect(encodedImages({ ...options, mirror: false, images: grey })).rejects.toThrow(/1 channels/);
});
