import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Denoiser } from "@ddpm/core";
import { eps, l2, simple } from "@ddpm/diffusion";
import { cosineContinuous, linear } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  bestScore,
  disposeState,
  type HeldOutOptions,
  heldOut,
  initialState,
  isStale,
} from "../src/index.ts";
import { loadCheckpoint, markBest, readBest, resumeBest, saveCheckpoint } from "../src/node/index.ts";
import { bitsOf } from "./support/run.ts";
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
    expect(isStale(scores(3, 2, 1.99, 1.98), { patience: 2, least: 0.1 })).toBe(true);
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

describe("the best checkpoint", () => {
  const folder = mkdtempSync(join(tmpdir(), "ddpm-best-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const names = (): string[] =>
    readdirSync(join(folder, "checkpoints"))
      .filter((name) => /^\d/.test(name))
      .map((name) => String(Number(name)));

  test("outlives its successors, as do those at a multiple of images", async () => {
    const state = initialState(options());
    for (let step = 1; step <= 8; step++) {
      await saveCheckpoint(folder, { ...state, step, images: step * 8 }, {}, { keep: 1, keepEvery: 30 });
      if (step === 2) await markBest(folder, { images: 16, metric: "heldOutLoss", value: 0.5 });
    }
    // 32 and 64 are the first updates behind 30 and 60 images.
    expect(names()).toEqual(["16", "32", "64"]);
    const best = await loadCheckpoint(folder, "best");
    expect(best.state.images).toBe(16);
    expect(bitsOf(best.state).params).toEqual(bitsOf(state).params);
    disposeState(best.state);
    disposeState(state);
  });

  test("is taken back by a run that goes on from before it, and must be there", async () => {
    await resumeBest(folder, 40);
    expect(await readBest(folder)).toMatchObject({ images: 16, value: 0.5 });
    await resumeBest(folder, 8);
    expect(await readBest(folder)).toBeUndefined();
    await expect(loadCheckpoint(folder, "best")).rejects.toThrow(/no checkpoint .* is marked as the best/);
    await expect(markBest(folder, { images: 24, metric: "x", value: 1 })).rejects.toThrow(
      /no checkpoint at 24/,
    );
  });
});
