import "@tensorflow/tfjs";
import { expectShape, fail } from "@ddpm/core";
import type { LatentSpace } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { latentSpaceSuite } from "../src/authoring.ts";

/** Means over 2 × 2 pixels, a little noise, doubled. */
const honest: LatentSpace = {
  ...{ imageChannels: 1, outputs: 1, channels: 1, factor: 2, scale: [2], shift: [0], gaussian: true },
  sizeOf([height, width]) {
    if (height % 2 || width % 2) fail("test/small", "expected even sizes.");
    return [height / 2, width / 2];
  },
  encode(x, noise) {
    expectShape("test/small", "x", x.shape, [-1, -1, -1, 1]);
    const [, height, width] = x.shape;
    const sizes = honest.sizeOf([height, width]);
    if (noise) expectShape("test/small", "noise", noise.shape, [x.shape[0], ...sizes, 1]);
    return tf.tidy(() => {
      const mean = tf.avgPool(x, 2, 2, "valid");
      return tf.mul(noise ? tf.add(mean, tf.mul(0.1, noise)) : mean, 2);
    });
  },
  decode(z) {
    expectShape("test/small", "z", z.shape, [-1, -1, -1, 1]);
    return tf.tidy(() => {
      const size: [number, number] = [2 * z.shape[1], 2 * z.shape[2]];
      return tf.image.resizeNearestNeighbor(tf.div(z, 2) as tf.Tensor4D, size);
    });
  },
};

describe("an honest latent space", () => {
  for (const { name, run } of latentSpaceSuite(honest)) test(name, run);
});

async function failures(change: Partial<LatentSpace>): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of latentSpaceSuite({ ...honest, ...change })) {
    try {
      await run();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

const opposite = "latents of opposite noise have those without noise in their middle";

test.each<[string, Partial<LatentSpace>, readonly string[]]>([
  [
    "a scale that is no number",
    { scale: [Number.NaN] },
    ["scale and shift are one finite number per channel, scales above 0"],
  ],
  [
    "noise without effect",
    { encode: (x) => honest.encode(x) },
    [opposite, "images, latents and noise of other shapes are refused"],
  ],
  [
    "a distribution that is not normal",
    { encode: (x, noise) => honest.encode(x, noise && tf.square(noise)) },
    [opposite],
  ],
  [
    "noise that is taken where there is no distribution",
    { gaussian: false },
    ["noise is refused where latents have no distribution"],
  ],
  [
    "tensors that stay",
    {
      decode(z) {
        tf.keep(tf.zeros([1]));
        return honest.decode(z);
      },
    },
    ["encoding and decoding leave no tensor behind"],
  ],
])("the suite notices %s", async (_what, change, expected) => {
  expect(await failures(change)).toEqual(expected);
});
