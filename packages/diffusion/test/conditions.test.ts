import "@tensorflow/tfjs";
import { type Condition, type Denoiser, random } from "@ddpm/core";
import { cosine } from "@ddpm/schedules";
import { expectClose, gaussianOracle } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { enlarged, reduced } from "../src/authoring.ts";
import {
  classifierFree,
  ddim,
  denoiseWith,
  eps,
  inpainting,
  samplingLoop,
  superResolution,
} from "../src/index.ts";

const pixels = (height: number, width: number, channels: number, seed = 1): Float32Array =>
  random(seed).normals(height * width * channels);

describe("sizes", () => {
  test("enlarging is PyTorch's bilinear interpolation, reducing its area interpolation", () => {
    const small = { data: Float32Array.of(0, 1, 3, 2, -1, 5), shape: [2, 3, 1] as const };
    const torch = [0, 0.25, 0.75, 1.5, 2.5, 3, 0.5, 0.5, 0.5, 1.25, 2.75, 3.5].concat([
      1.5, 1, 0, 0.75, 3.25, 4.5, 2, 1.25, -0.25, 0.5, 3.5, 5,
    ]);
    const { data, shape } = enlarged(small, 2);
    expect(shape).toEqual([4, 6, 1]);
    expect([...data]).toEqual(torch);
    const squares = Float32Array.from({ length: 16 }, (_, i) => i * i);
    expect([...reduced({ data: squares, shape: [4, 4, 1] }, 2).data]).toEqual([10.5, 24.5, 114.5, 160.5]);
  });

  test("reducing undoes enlarging for one colour, and keeps the mean of any image", () => {
    const sizes = fc.record({
      factor: fc.integer({ min: 2, max: 4 }),
      h: fc.integer({ min: 1, max: 3 }),
      w: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 3 }),
    });
    const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    fc.assert(
      fc.property(sizes, ({ factor, h, w, channels }) => {
        const flat = { data: new Float32Array(h * w * channels).fill(0.3), shape: [h, w, channels] as const };
        for (const value of reduced(enlarged(flat, factor), factor).data) expect(value).toBeCloseTo(0.3, 6);
        const [height, width] = [h * factor, w * factor];
        const image = { data: pixels(height, width, channels), shape: [height, width, channels] as const };
        expect(mean(reduced(image, factor).data)).toBeCloseTo(mean(image.data), 5);
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});

describe("super-resolution", () => {
  const condition = superResolution({ factor: 4 });
  const image = pixels(8, 12, 3);
  const whole = { image, shape: [8, 12, 3] as const };

  test("a low image gives the condition that training makes of the whole one", () => {
    const made = condition.make(whole, [8, 12], random(0));
    expect(made).toHaveLength(8 * 12 * condition.channels(3));
    const low = reduced({ data: image, shape: [8, 12, 3] }, 4);
    expect(condition.make({ image: low.data, shape: low.shape }, [8, 12], random(0))).toEqual(made);
  });

  test.each([
    [() => condition.make(whole, [8, 10], random(0)), /8 × 10 does not divide by 4/],
    [
      () => condition.make({ image, shape: [12, 8, 3] }, [8, 12], random(0)),
      /12 × 8, expected 2 × 3 or 8 × 12/,
    ],
    [() => condition.make({ ...whole, mask: new Float32Array(96) }, [8, 12], random(0)), /a mask was given/],
  ])("what does not fit is refused: %#", (make, message) => expect(make).toThrow(message));
});

describe("inpainting", () => {
  test("the mask is boxes of the sizes asked for; the image stays outside and is gone inside", () => {
    const given = fc.record({
      height: fc.integer({ min: 4, max: 9 }),
      width: fc.integer({ min: 4, max: 9 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(given, ({ height, width, seed }) => {
        const condition = inpainting({ smallest: 0.3, largest: 0.6 });
        const image = pixels(height, width, 2);
        const source = { image, shape: [height, width, 2] as const };
        const made = condition.make(source, [height, width], random(seed));
        expect(condition.make(source, [height, width], random(seed))).toEqual(made);
        const mask = Array.from({ length: height * width }, (_, i) => made[3 * i + 2]!);
        const hidden = mask.reduce((sum, value) => sum + value, 0);
        const side = (share: number, length: number): number => Math.round(share * length);
        expect(hidden).toBeGreaterThanOrEqual(side(0.3, height) * side(0.3, width));
        expect(hidden).toBeLessThanOrEqual(side(0.6, height) * side(0.6, width));
        for (const [i, value] of mask.entries())
          for (const c of [0, 1]) {
            expect(made[3 * i + c]! + 0).toBe(value === 1 ? 0 : image[2 * i + c]!);
          }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test("a given mask is taken as it is, and refused where its size is another", () => {
    const condition = inpainting();
    const source = { image: pixels(2, 2, 1), shape: [2, 2, 1] as const };
    const made = condition.make({ ...source, mask: Float32Array.of(1, 0, 0, 1) }, [2, 2], random(0));
    expect([made[1], made[3], made[5], made[7]]).toEqual([1, 0, 0, 1]);
    expect(() => condition.make({ ...source, mask: new Float32Array(3) }, [2, 2], random(0))).toThrow(
      "3 numbers",
    );
    expect(() => inpainting({ smallest: 0.8, largest: 0.2 })).toThrow("Swap them");
  });
});

describe("guidance", () => {
  test("a weight for each image is that weight for all, image by image", async () => {
    const conditional = gaussianOracle({ mean: [1, 0, -1], std: 0.3 }).denoise;
    const unconditional = gaussianOracle({ mean: [0, 0, 0] }).denoise;
    const at = { t: 0.5, ...cosine().at(0.5) };
    const x = tf.tensor4d(random(1).normals(48 * 3), [3, 4, 4, 3]);
    const scales = [0, 1, 4];
    const each = classifierFree({ conditional, unconditional, scale: scales, rescale: 0.5 })(x, at).x0;
    for (const [i, scale] of scales.entries()) {
      const one = tf.slice(x, [i], [1]);
      const alone = classifierFree({ conditional, unconditional, scale, rescale: 0.5 })(one, at).x0;
      await expectClose(tf.slice(each, [i], [1]), alone, { absolute: 1e-6 });
    }
    const two = classifierFree({ conditional, unconditional, scale: [1, 2] });
    expect(() => two(x, at)).toThrow("2 weights for 3 samples");
  });

  test("at every step the network receives the labels and the image, and nothing is dropped", async () => {
    const received: Condition[] = [];
    const spy = {
      name: "spy",
      specs: [],
      channels: 1,
      axes: 2,
      multiple: 1,
      classes: 10,
      imageChannels: 1,
      takesGuess: true,
      init: () => ({}),
      apply(_params, x, _noise, condition, mode) {
        received.push({
          ...condition,
          ...(condition.guess ? { guess: tf.keep(condition.guess.clone()) } : {}),
        });
        expect(mode.training).toBe(false);
        return tf.mul(x, 0.5);
      },
    } satisfies Denoiser;
    const schedule = cosine();
    const base = { denoiser: spy, params: {}, parameterization: eps(), schedule };
    const image = tf.ones<tf.Rank.R4>([2, 2, 2, 1]);
    const labels = tf.tensor1d([3, 7], "int32");
    const denoise = classifierFree({
      conditional: denoiseWith({ ...base, condition: { labels, image } }),
      unconditional: denoiseWith({ ...base, condition: { image } }),
      scale: 2,
    });
    const times = [1, 0.75, 0.5, 0.25, 0];
    const shown: tf.Tensor[] = [];
    const frames = samplingLoop({
      ...{ denoise, schedule, sampler: ddim(), times, shape: [2, 2, 2, 1], random: random(0) },
      selfCondition: true,
    });
    for await (const { x0 } of frames) shown.push(tf.keep(x0.clone()));
    expect(received).toHaveLength(8);
    for (let step = 0; step < 4; step++) {
      const [conditional, unconditional] = received.slice(2 * step);
      expect([...conditional!.labels!.dataSync()]).toEqual([3, 7]);
      expect(unconditional!.labels).toBeUndefined();
      expect([conditional!.image, unconditional!.image]).toEqual([image, image]);
      for (const { guess } of [conditional!, unconditional!]) {
        if (step === 0) expect(guess).toBeUndefined();
        else await expectClose(guess!, shown[step - 1]!);
      }
    }
  });
});
