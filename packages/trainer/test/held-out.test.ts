import type { Denoiser } from "@ddpm/core";
import { eps, l2, simple } from "@ddpm/diffusion";
import { cosineContinuous, linear } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestScore, type HeldOutOptions, isStale } from "../src/authoring.ts";
import { heldOut, initialState } from "../src/index.ts";
import { options, stream, toy } from "./support/toy.ts";

/** Answers 0: its loss is the mean of ε², 1 on average at every noise level. */
const silent: Denoiser = { ...toy(), name: "silent", apply: (_, x) => tf.zerosLike(x) };

const choices = (change: Partial<HeldOutOptions> = {}): HeldOutOptions => ({
  denoiser: silent,
  parameterization: eps(),
  schedule: linear({ steps: 10 }),
  loss: l2(),
  weight: simple(),
  images: stream,
  count: 64,
  batch: 16,
  buckets: 4,
  seed: 1,
  ...change,
});

describe("the held-out loss", () => {
  test("has standard errors that cover the truth as often as they say", async () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { loss, standardError } = await heldOut(choices({ seed }))({});
      if (Math.abs(loss - 1) < 1.96 * standardError) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(180);
    expect(covered).toBeLessThanOrEqual(198);
  });

  test("is the same at every call, however pairs are cut into batches, and leaves no tensors", async () => {
    const { params } = initialState(options());
    const before = tf.memory().numTensors;
    const whole = heldOut(choices({ denoiser: toy(), batch: 64 }));
    const first = await whole(params);
    expect(await whole(params)).toEqual(first);
    const parts = await heldOut(choices({ denoiser: toy(), batch: 8 }))(params);
    expect(parts.loss).toBeCloseTo(first.loss, 6);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("puts every pair's time into its part of the noise levels", async () => {
    for (const schedule of [linear({ steps: 12 }), cosineContinuous()]) {
      const seen: number[] = [];
      const listening: Denoiser = {
        ...silent,
        apply(_, x, noise) {
          seen.push(...noise.dataSync());
          return tf.zerosLike(x);
        },
      };
      const { buckets } = await heldOut(choices({ denoiser: listening, schedule }))({});
      expect(seen).toHaveLength(64);
      expect(buckets.map(({ from, to }) => [from, to])).toEqual([
        [0, 0.25],
        [0.25, 0.5],
        [0.5, 0.75],
        [0.75, 1],
      ]);
      if (!schedule.steps) continue;
      for (const [k, step] of seen.entries()) expect(Math.floor(step / 3)).toBe(k % 4);
    }
  });

  test("refuses pairs that do not divide", () => {
    expect(() => heldOut(choices({ buckets: 5 }))).toThrow(/64 pairs do not divide into parts of 5/);
    expect(() => heldOut(choices({ batch: 128 }))).toThrow(/64 pairs do not divide into batches of 128/);
  });
});

describe("patience", () => {
  const scores = (...values: number[]) => values.map((value, i) => ({ images: (i + 1) * 10, value }));

  test("ends with the last measurement that is better than the best so far", () => {
    expect(isStale(scores(3, 2, 2.5, 2.2), { patience: 3 })).toBe(false);
    expect(isStale(scores(3, 2, 2.5, 2.2, 2), { patience: 3 })).toBe(true);
    expect(isStale(scores(3, 2, 1.99, 1.98), { patience: 2, minDelta: 0.1 })).toBe(true);
    expect(bestScore(scores(3, Number.NaN, 2, 2))).toEqual({ images: 30, value: 2 });
  });

  test("is never lost by a measurement that is the best", () => {
    const lists = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 5 }), (values, patience) => {
        const better = [...values, Math.min(...values) - 1];
        expect(isStale(scores(...better), { patience })).toBe(false);
        expect(bestScore(scores(...better))!.images).toBe(better.length * 10);
      }),
    );
  });
});
