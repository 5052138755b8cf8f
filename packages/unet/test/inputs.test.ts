import "@tensorflow/tfjs";
import { type Condition, INFERENCE, random } from "@ddpm/core";
import { expectClose } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { describe as costs, denoisers } from "../src/index.ts";

const nets = [
  { name: "ho", width: 8, multipliers: [1], blocks: 1, attention: [] },
  {
    name: "unet2d",
    blockOutChannels: [8],
    normNumGroups: 4,
    layersPerBlock: 1,
    downBlockTypes: ["DownBlock2D"],
  },
  {
    name: "guided",
    modelChannels: 8,
    channelMult: [1],
    numResBlocks: 1,
    attentionResolutions: [],
    groups: 4,
  },
  { name: "labml", nChannels: 32, chMults: [1], nBlocks: 1, isAttn: [false] },
  { name: "annotated", dim: 4, dimMults: [1] },
  { name: "annotated-later", dim: 4, dimMults: [1], resnetBlockGroups: 2 },
  { name: "lucidrains", dim: 4, dimMults: [1], attnHeads: 1, attnDimHead: 4 },
];

describe.each(nets)("$name with image conditioning and its own guess", (spec) => {
  const denoiser = denoisers.create({ ...spec, channels: 2, imageChannels: 3, selfCondition: true });
  const pictures = (channels: number, seed: number): tf.Tensor4D =>
    tf.tensor4d(random(seed).normals(2 * 16 * channels), [2, 4, 4, channels]);
  /** Weights without the zeros that networks end with. */
  const params = Object.fromEntries(
    denoiser.specs.map(({ name, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [
        name,
        tf.tensor(
          random(1)
            .fork(name)
            .normals(size)
            .map((value) => value / 4),
          [...shape],
        ),
      ];
    }),
  );
  const apply = (condition: Condition): tf.Tensor =>
    denoiser.apply(params, pictures(2, 1), tf.tensor1d([3, 4]), condition, INFERENCE);
  const image = pictures(3, 2);
  const guess = pictures(2, 3);

  test("says what it takes, and its first layer has room for it", () => {
    expect(denoiser).toMatchObject({ channels: 2, imageChannels: 3, takesGuess: true });
    const stem = denoiser.specs.find(({ name }) => name === "stem.kernel")!;
    expect(stem.shape[2]).toBe(2 + 2 + 3);
    const plain = denoisers.create({ ...spec, channels: 2 });
    expect([plain.imageChannels, plain.takesGuess]).toEqual([undefined, undefined]);
    expect(plain.specs.find(({ name }) => name === "stem.kernel")!.shape[2]).toBe(2);
    expect(costs(denoiser, [4, 4]).total.parameters).toBeGreaterThan(costs(plain, [4, 4]).total.parameters);
  });

  test("listens to both, and takes no guess for zeros", async () => {
    const far = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
    expect(far(apply({ image }), apply({ image: tf.neg(image) }))).toBeGreaterThan(1e-3);
    expect(far(apply({ image }), apply({ image, guess }))).toBeGreaterThan(1e-3);
    await expectClose(apply({ image, guess: tf.zerosLike(guess) }), apply({ image }));
  });

  test("sees the guess in its first channels and the image to go by in its last", async () => {
    const kernel = params["stem.kernel"]!;
    const deafTo = (channels: readonly number[], condition: Condition): tf.Tensor => {
      const kept = tf.tensor1d([0, 1, 2, 3, 4, 5, 6].map((c) => (channels.includes(c) ? 0 : 1)));
      const deaf = { ...params, "stem.kernel": tf.mul(kernel, tf.reshape(kept, [1, 1, 7, 1])) };
      return denoiser.apply(deaf, pictures(2, 1), tf.tensor1d([3, 4]), condition, INFERENCE);
    };
    await expectClose(deafTo([0, 1], { image, guess }), deafTo([0, 1], { image }));
    await expectClose(
      deafTo([4, 5, 6], { image, guess }),
      deafTo([4, 5, 6], { image: tf.neg(image), guess }),
    );
  });

  test("refuses to go without an image, and one of other channels", () => {
    expect(() => apply({})).toThrow("needs condition.image of shape");
    expect(() => apply({ image: pictures(2, 2) })).toThrow("condition.image");
  });
});
