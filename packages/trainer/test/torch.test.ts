import { readFileSync } from "node:fs";
import type { Params, Spec } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { learningRates, optimizers } from "../src/index.ts";

interface Reference {
  readonly A: number[];
  readonly w: number[];
  readonly b: number[];
  readonly optimizers: readonly { optimizer: Spec; w: number[]; b: number[] }[];
  readonly rates: readonly { rate: Spec; values: number[] }[];
}

const reference: Reference = JSON.parse(readFileSync(new URL("support/torch.json", import.meta.url), "utf8"));

/** w [3, 4] and b [4] after `count` updates on |w A + b|² / 2. */
function descend(spec: Spec, count: number, learningRate = 0.1): { w: number[]; b: number[] } {
  const optimizer = optimizers.create(spec);
  return tf.tidy(() => {
    const a = tf.tensor2d(reference.A, [4, 4]);
    let params: Params = { w: tf.tensor2d(reference.w, [3, 4]), b: tf.tensor1d(reference.b) };
    let state = optimizer.init(params);
    for (let n = 1; n <= count; n++) {
      const off = tf.add(tf.matMul(params.w as tf.Tensor2D, a), params.b!) as tf.Tensor2D;
      const gradients = { w: tf.matMul(off, a, false, true), b: tf.sum(off, 0) };
      const numbers = Object.entries(optimizer.scalars(n, learningRate));
      const scalars = Object.fromEntries(numbers.map(([name, value]) => [name, tf.scalar(value)]));
      ({ params, state } = optimizer.update({ params, gradients, state, scalars }));
    }
    return { w: Array.from(params.w!.dataSync()), b: Array.from(params.b!.dataSync()) };
  });
}

function expectClose(ours: readonly number[], theirs: readonly number[], allowed: number): void {
  expect(ours).toHaveLength(theirs.length);
  for (const [i, value] of theirs.entries()) expect(Math.abs(ours[i]! - value)).toBeLessThan(allowed);
}

test.each(reference.optimizers)("$optimizer takes the path of torch", ({ optimizer, w, b }) => {
  const ours = descend(optimizer, 6);
  expectClose(ours.w, w, 4e-6);
  expectClose(ours.b, b, 4e-6);
});

test.each(reference.rates)("$rate takes the course of torch", ({ rate, values }) => {
  const course = learningRates.create(rate);
  const at = (i: number) => ({ update: i + 1, images: i, batch: 1, until: 1, epoch: 1 });
  expectClose(
    values.map((_, i) => course.at(at(i))),
    values,
    1e-14,
  );
});

describe("lion", () => {
  test("moves every weight by the rate, whatever the gradient's size, after the weight has shrunk", () => {
    const rate = 0.01;
    const { w } = descend({ name: "lion", decay: 0.5 }, 1, rate);
    for (const [i, before] of reference.w.entries()) {
      expect(Math.abs(w[i]! - before * (1 - rate * 0.5))).toBeCloseTo(rate, 6);
    }
  });

  test("remembers more in its mean than in its direction", () => {
    const lion = optimizers.create({ name: "lion", beta1: 0.5, beta2: 0.9 });
    tf.tidy(() => {
      const input = { params: { w: tf.scalar(1) }, gradients: { w: tf.scalar(-4) }, scalars: {} };
      const scalars = { rate: tf.scalar(0.1), shrink: tf.scalar(1) };
      const { params, state } = lion.update({ ...input, state: { "mean/w": tf.scalar(3) }, scalars });
      // 0.5 · 3 + 0.5 · −4 < 0, so the weight grows, while the mean stays above 0: 0.9 · 3 + 0.1 · −4.
      expect(params.w!.dataSync()[0]).toBeCloseTo(1.1, 6);
      expect(state["mean/w"]!.dataSync()[0]).toBeCloseTo(2.3, 6);
    });
  });
});

test("adafactor keeps rows and columns only", () => {
  const kept = tf.tidy(() => {
    const state = optimizers
      .create("adafactor")
      .init({ kernel: tf.zeros([3, 3, 64, 128]), bias: tf.zeros([128]) });
    return Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, shape]));
  });
  expect(kept).toEqual({
    "row/kernel": [3, 3, 64, 1],
    "column/kernel": [3, 3, 1, 128],
    "square/bias": [128],
  });
});

test("the inverse root holds, then halves at four times the way", () => {
  const course = learningRates.create({ name: "inverse-sqrt", rate: 1, warmup: 10, start: 0.1, hold: 100 });
  const at = (n: number): number => course.at({ update: n + 1, images: n, batch: 1, until: 1, epoch: 1 });
  expect([0, 5, 10, 100, 400, 1600].map(at)).toEqual([0.1, 0.55, 1, 1, 0.5, 0.25]);
});
