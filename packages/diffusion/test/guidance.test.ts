import "@tensorflow/tfjs";
import { type Denoise, momentAt, random } from "@ddpm/core";
import { cosine, leading } from "@ddpm/schedules";
import { expectClose, gaussianOracle, samplerSuite } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { addOffset, epsOf } from "../src/authoring.ts";
import {
  classifierFree,
  classifierGuidance,
  ddim,
  ddpm,
  dynamicThreshold,
  initialNoise,
  lastOf,
  repaint,
  repaintTimes,
  samplingLoop,
  slerp,
  startFrom,
} from "../src/index.ts";
import { families } from "./support.ts";

const schedule = cosine({ steps: 100 });
const at = momentAt(schedule, 0.6);
const x = tf.tensor4d(random(1).normals(48), [1, 4, 4, 3]);
const deviation = (images: tf.Tensor) => Math.sqrt(tf.moments(images).variance.dataSync()[0]!);

describe("classifier-free guidance", () => {
  const conditional = gaussianOracle({ mean: [1, 0, -1], std: 0.3 }).denoise;
  const unconditional = gaussianOracle({ mean: [0, 0, 0] }).denoise;

  test("mixing noise guesses is mixing clean guesses", async () => {
    const options = { conditional, unconditional, scale: 3 };
    const images = classifierFree(options)(x, at);
    const noise = classifierFree({ ...options, of: "eps" })(x, at);
    await expectClose(noise.x0, images.x0, { relative: 1e-4, absolute: 1e-5 });
    await expectClose(noise.eps!, epsOf({ ...images, x, at }), { relative: 1e-4, absolute: 1e-5 });
  });

  test("rescaled fully it has the deviation of the conditional guess", () => {
    const mixed = classifierFree({ conditional, unconditional, scale: 6 })(x, at).x0;
    const rescaled = classifierFree({ conditional, unconditional, scale: 6, rescale: 1 })(x, at).x0;
    const wanted = deviation(conditional(x, at).x0);
    expect(deviation(mixed)).toBeGreaterThan(1.5 * wanted);
    expect(deviation(rescaled)).toBeCloseTo(wanted, 4);
  });

  test("CFG++ keeps the unconditional noise", async () => {
    const { x0, eps } = classifierFree({ conditional, unconditional, scale: 0.6, plus: true })(x, at);
    await expectClose(eps!, epsOf({ ...unconditional(x, at), x, at }));
    await expectClose(x0, classifierFree({ conditional, unconditional, scale: 0.6 })(x, at).x0);
  });
});

describe("classifier guidance", () => {
  // Data N(0, ¼) and a classifier that sees a with spread r: everything stays normal.
  const [s, a, r] = [0.5, 0.8, 0.4];
  const prior = gaussianOracle({ mean: [0], std: s });
  const spread = ({ alpha, sigma }: typeof at) => (s * sigma) ** 2 / ((alpha * s) ** 2 + sigma ** 2);
  const gradient = (images: tf.Tensor4D, where: typeof at): tf.Tensor4D => {
    const total = (where.alpha * s) ** 2 + where.sigma ** 2;
    const mean = prior.denoise(images, where).x0;
    return tf.mul(tf.sub(a, mean), (where.alpha * s ** 2) / total / (spread(where) + r ** 2)) as tf.Tensor4D;
  };

  test("of the score makes the guess the posterior mean", async () => {
    const { x0, eps } = classifierGuidance({ gradient, shift: "score" })(prior.denoise)(x, at);
    const share = spread(at) / (spread(at) + r ** 2);
    const plain = await prior.denoise(x, at).x0.data();
    await expectClose(
      x0,
      Array.from(plain, (mean) => mean + share * (a - mean)),
      { relative: 1e-4 },
    );
    await expectClose(eps!, epsOf({ x0, x, at }), { relative: 1e-4, absolute: 1e-5 });
  });

  test("leads samples to the posterior, by the score or by the mean", async () => {
    const mean = (a * s ** 2) / (s ** 2 + r ** 2);
    for (const shift of ["score", "mean"] as const) {
      const out = await lastOf(
        samplingLoop({
          denoise: classifierGuidance({ gradient, shift })(prior.denoise),
          schedule,
          sampler: ddpm(),
          times: leading().times(100, schedule),
          shape: [16, 8, 8, 1],
          random: random(3),
        }),
      );
      // The mean follows β̃ of a step, a little less than the score would: 100 steps are off by a tenth.
      expect(Math.abs(tf.mean(out).dataSync()[0]! / mean - 1)).toBeLessThan(0.15);
      out.dispose();
    }
  });
});

test("dynamic thresholding cuts at the quantile and rescales into the range", async () => {
  const values = Array.from({ length: 48 }, (_, i) => (i - 24) / 8);
  const wide: Denoise = () => ({ x0: tf.tensor4d(values, [1, 4, 4, 3]) });
  const sorted = values.map(Math.abs).sort((p, q) => p - q);
  const place = 0.9 * 47;
  const quantile = sorted[42]! + (place - 42) * (sorted[43]! - sorted[42]!);
  const cut = values.map((value) => Math.min(quantile, Math.max(-quantile, value)) / quantile);
  await expectClose(dynamicThreshold({ ratio: 0.9 })(wide)(x, at).x0, cut);
  const limited = values.map((value) => Math.min(2, Math.max(-2, value)) / 2);
  await expectClose(dynamicThreshold({ ratio: 0.9, max: 2 })(wide)(x, at).x0, limited);
  const calm: Denoise = () => ({ x0: tf.fill([1, 4, 4, 3], 0.5) });
  await expectClose(dynamicThreshold()(calm)(x, at).x0, new Float32Array(48).fill(0.5));
});

describe("self-conditioning", () => {
  test("shows the network its last guess, also across a stop", async () => {
    const oracle = gaussianOracle();
    const seen: (number | undefined)[] = [];
    const denoise: Denoise = (images, where, guess) => {
      seen.push(guess?.dataSync()[0]);
      const found = oracle.denoise(images, where).x0;
      return { x0: guess ? (tf.add(tf.mul(found, 0.9), tf.mul(guess, 0.1)) as tf.Tensor4D) : found };
    };
    const options = {
      denoise,
      schedule,
      sampler: ddim(),
      times: leading().times(6, schedule),
      shape: [1, 4, 4, 3] as const,
      random: random(2),
      selfCondition: true,
    };
    const guesses: number[] = [];
    let resumed: Float32Array | undefined;
    for await (const frame of samplingLoop(options)) {
      guesses.push(frame.x0.dataSync()[0]!);
      if (frame.step === 3) {
        const rest = await lastOf(samplingLoop({ ...options, resume: frame }));
        resumed = rest.dataSync() as Float32Array;
        rest.dispose();
        seen.splice(3);
      }
    }
    expect(seen).toEqual([undefined, ...guesses.slice(0, 5)]);
    const whole = await lastOf(samplingLoop(options));
    expect(resumed).toEqual(whole.dataSync());
    whole.dispose();
  });
});

describe("repaint", () => {
  const image = tf.fill([3, 2, 2, 3], 0.7) as tf.Tensor4D;

  test("is a sampler with the right distribution where everything is painted", async () => {
    const mask = tf.zeros([1, 1, 1, 1]) as tf.Tensor4D;
    const make = () => ({
      ...repaint({ image, mask }),
      step: (input: Parameters<ReturnType<typeof repaint>["step"]>[0]) =>
        repaint({ image: tf.fill(input.x.shape, 0.7), mask }).step(input),
    });
    for (const { run } of samplerSuite(make, { schedules: families, steps: 120 })) await run();
  });

  test("keeps what the mask keeps, and paints the rest", async () => {
    const mask = tf.tensor4d([1, 0, 0, 1], [1, 2, 2, 1]);
    const times = repaintTimes(leading().times(10, schedule), 2, 3);
    const frames = samplingLoop({
      denoise: gaussianOracle().denoise,
      schedule,
      sampler: repaint({ image, mask }),
      times,
      shape: [3, 2, 2, 3],
      random: random(1),
    });
    const out = await lastOf(frames);
    const kept = tf.mul(mask, tf.sub(out, 0.7));
    expect(tf.max(tf.abs(kept)).dataSync()[0]).toBeLessThan(1e-6);
    expect(deviation(tf.mul(tf.sub(1, mask), out) as tf.Tensor4D)).toBeGreaterThan(0.1);
    out.dispose();
  });

  test("its path goes down, and back up as often as set", () => {
    expect([...repaintTimes([1, 0.75, 0.5, 0.25, 0], 2, 2)]).toEqual([
      1, 0.75, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0,
    ]);
    expect([...repaintTimes([1, 0.5, 0], 1, 1)]).toEqual([1, 0.5, 0]);
  });
});

describe("tools around a trajectory", () => {
  const seeds = { random: random(5), first: 0, shape: [1, 4, 4, 3] as const };

  test("slerp ends at its ends, and keeps the length of noise", async () => {
    const [p, q] = [initialNoise(seeds), initialNoise({ ...seeds, first: 1 })];
    await expectClose(slerp(p, q, 0), p, { absolute: 1e-5 });
    await expectClose(slerp(p, q, 1), q, { absolute: 1e-5 });
    const straight = deviation(tf.div(tf.add(p, q), 2) as tf.Tensor4D);
    expect(deviation(slerp(p, q, 0.5))).toBeGreaterThan(1.2 * straight);
    await expectClose(slerp(p, p, 0.3), p, { absolute: 1e-4 });
  });

  test("startFrom noises an image with its own noise", async () => {
    const x0 = tf.fill([1, 4, 4, 3], 0.5) as tf.Tensor4D;
    const noise = await initialNoise(seeds).data();
    await expectClose(
      startFrom(x0, at, seeds),
      Array.from(noise, (value) => 0.5 * at.alpha + at.sigma * value),
    );
  });

  test("addOffset moves every pixel of a channel by the same amount", () => {
    const eps = new Float32Array(12);
    addOffset(eps, 3, 0.1, random(1));
    const expected = random(1)
      .normals(3)
      .map((value) => Math.fround(0.1 * value));
    eps.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i % 3]!, 7);
    });
  });
});
