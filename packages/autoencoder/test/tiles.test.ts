import { disposeParams, random } from "@ddpm/core";
import { expectClose, expectNoLeak } from "@ddpm/testing";
import { scope, upsampleNearest, zeros } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { autoencoderFrom } from "../src/authoring.ts";
import { klAutoencoder, tiledDecode, tiledEncode } from "../src/index.ts";

beforeAll(() => tf.setBackend("cpu"));

/** Encodes to means of 2 × 2 pixels and decodes to repeated ones: no pixel sees another block. */
function blocks() {
  const root = scope();
  root.param("unused", [1], zeros);
  return autoencoderFrom(root, {
    ...{ name: "blocks", channels: 1, outputs: 1, latentChannels: 1, factor: 2 },
    encode: (_run, x) => tf.avgPool(x, 2, 2, "valid"),
    decode: (_run, z) => upsampleNearest(z),
  });
}

const small = klAutoencoder({
  ...{ blockOutChannels: [4, 4], normNumGroups: 2, latentChannels: 2, midBlockAddAttention: false },
  downBlockTypes: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  upBlockTypes: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
});

test("where pixels see only their block, tiles give what the whole gives, whatever the sizes", async () => {
  const autoencoder = blocks();
  const params = autoencoder.init(random(1));
  for (const [height, width] of [
    [16, 16],
    [18, 30],
    [8, 22],
  ] as const) {
    const x = tf.tensor4d(random(2).normals(2 * height * width), [2, height, width, 1]);
    for (const tiling of [{ size: 8 }, { size: 8, overlap: 0.5 }, { size: 8, overlap: 0 }]) {
      const z = autoencoder.encode(params, x);
      await expectClose(tiledEncode(autoencoder, params, x, tiling), z);
      await expectClose(tiledDecode(autoencoder, params, z, tiling), autoencoder.decode(params, z));
    }
  }
});

test("images no larger than a tile are encoded and decoded whole", async () => {
  const params = small.init(random(1));
  const x = tf.tensor4d(random(2).normals(8 * 8 * 3), [1, 8, 8, 3]);
  const z = tf.tensor4d(random(3).normals(4 * 4 * 2), [1, 4, 4, 2]);
  await expectClose(tiledEncode(small, params, x, { size: 8 }), small.encode(params, x), { absolute: 0 });
  await expectClose(tiledDecode(small, params, z, { size: 8 }), small.decode(params, z), { absolute: 0 });
  disposeParams(params);
});

test("seams fade: the first row of a tile is the upper tile's, the second half of it", async () => {
  const root = scope();
  let tile = 0;
  const numbered = autoencoderFrom(root, {
    ...{ name: "numbered", channels: 1, outputs: 1, latentChannels: 1, factor: 1 },
    encode: (_run, x) => tf.fill(x.shape, tile++),
    decode: (_run, z) => z,
  });
  const y = tiledEncode(numbered, {}, tf.zeros([1, 7, 4, 1]), { size: 4, overlap: 0.5 });
  const column = tf.slice(y, [0, 0, 0, 0], [1, 7, 1, 1]);
  // Tiles 0, 2, 4, 6 (every second one is to the right) keep two rows each: all of the upper tile, then half of both.
  await expectClose(column, [0, 0, 0, 1, 2, 3, 4]);
});

test("gradients pass through tiles, and nothing is left behind", async () => {
  const params = small.init(random(1));
  const x = tf.tensor4d(random(2).normals(16 * 12 * 3), [1, 16, 12, 3]);
  await expectNoLeak("tiled encoding", () => tiledEncode(small, params, x, { size: 8 }).dispose());
  const gradient = tf.grad((x) =>
    tf.sum(tf.square(tiledEncode(small, params, x as tf.Tensor4D, { size: 8 }))),
  )(x);
  expect(gradient.dataSync<"float32">().filter((value) => value === 0).length).toBe(0);
  disposeParams(params);
});

test("tiles that do not join are refused in words", () => {
  const x = tf.zeros([1, 16, 16, 3]) as tf.Tensor4D;
  const encode = (tiling: object) => () => tiledEncode(small, {}, x, tiling as { size: number });
  expect(encode({ size: 7 })).toThrow("[autoencoder/tiles] tiles of 7 pixels and 3 latents");
  expect(encode({ size: 8, overlap: 0.3 })).toThrow("do not join");
  expect(encode({ size: 8, overlap: 1 })).toThrow("an overlap of 1. Give a share in [0, 1).");
  expect(encode({ size: Number.NaN })).toThrow("Give whole numbers from 1.");
});
