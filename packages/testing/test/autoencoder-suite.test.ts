import "@tensorflow/tfjs";
import { expectShape, fail } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { autoencoderSuite } from "../src/authoring.ts";

const specs = [
  { name: "in", shape: [2, 3], trainable: true },
  { name: "out", shape: [3, 2], trainable: true },
];

/** Means over 2 × 2 pixels times a matrix, and back: as small as an autoencoder can be. */
const honest: Autoencoder = {
  ...{ name: "small", specs, channels: 2, outputs: 2, latentChannels: 3, factor: 2, gaussian: false },
  init: (random) =>
    Object.fromEntries(
      specs.map(({ name, shape }) => [name, tf.tensor(random.fork(name).normals(6), shape)]),
    ),
  encode(params, x) {
    expectShape("test/small", "x", x.shape, [-1, -1, -1, 2]);
    if (x.shape[1] % 2 || x.shape[2] % 2) fail("test/small", "expected 2 or 4 pixels.");
    return tf.tidy(() => times(tf.avgPool(x, 2, 2, "valid"), params.in!));
  },
  decode(params, z) {
    expectShape("test/small", "z", z.shape, [-1, -1, -1, 3]);
    return tf.tidy(() => {
      const [, height, width] = z.shape;
      return tf.image.resizeNearestNeighbor(times(z, params.out!), [2 * height, 2 * width]);
    });
  },
};

function times(x: tf.Tensor4D, matrix: tf.Tensor): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const y = tf.matMul(tf.reshape(x, [-1, channels]), matrix as tf.Tensor2D);
  return tf.reshape(y, [batch, height, width, matrix.shape[1]!]);
}

async function failures(autoencoder: Autoencoder, dead: readonly string[] = []): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of autoencoderSuite(() => autoencoder, { dead })) {
    try {
      await run();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

describe("an honest autoencoder", () => {
  for (const { name, run } of autoencoderSuite(() => honest)) test(name, run);
});

describe("the suite notices", () => {
  const encoded = (change: (z: tf.Tensor4D) => tf.Tensor): Autoencoder => ({
    ...honest,
    encode: (params, x) => tf.tidy(() => change(honest.encode(params, x)) as tf.Tensor4D),
  });

  test("images that see each other", async () => {
    const seeing = encoded((z) => tf.add(z, tf.mean(z, 0, true)));
    expect(await failures(seeing)).toEqual(["images of a batch do not see each other, nor do latents"]);
  });

  test("latents of another shape", async () => {
    const shallow = encoded((z) => tf.slice(z, [0, 0, 0, 0], [-1, -1, -1, 2]));
    expect((await failures(shallow))[0]).toMatch(/every trainable parameter|latents have the shape/);
  });

  test("a parameter without a gradient, and one that is dead by mistake only", async () => {
    const constant = encoded((z) => tf.add(tf.mul(z, 0), 1));
    const learned = "every trainable parameter is learned, those documented as dead are not";
    expect(await failures(constant)).toEqual([learned, "other inputs give other outputs"]);
    expect(await failures(constant, ["in"])).toEqual(["other inputs give other outputs"]);
    expect(await failures(honest, ["in"])).toEqual([learned]);
  });

  test("tensors that stay, and images that are not refused", async () => {
    const leaking: Autoencoder = {
      ...honest,
      encode(params, x) {
        tf.keep(tf.zeros([1]));
        return honest.encode(params, x);
      },
    };
    expect(await failures(leaking)).toEqual(["no tensor is left behind, and none is taken away"]);
    const lenient: Autoencoder = {
      ...honest,
      decode: (params, z) => tf.tidy(() => honest.decode(params, tf.slice(z, [0, 0, 0, 0], [-1, -1, -1, 3]))),
    };
    expect(await failures(lenient)).toEqual([
      "images and latents that it cannot take are refused, with the sizes that fit",
    ]);
  });
});
