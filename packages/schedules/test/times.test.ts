import { random, stepOfTime, type TimeSampler } from "@ddpm/core";
import type { ImageRange } from "@ddpm/core/authoring";
import { expect, test } from "vitest";
import {
  betweenSteps,
  cosine,
  edm,
  importance,
  linear,
  logitNormal,
  logNormal,
  rectified,
  stratified,
  uniform,
} from "../src/index.ts";

const COUNT = 40_000;
const many: ImageRange = { first: 0, count: COUNT, batch: 64 };
const chain = linear({ steps: 50 });

/** Counts of every step of the chain. */
function histogram(sampler: TimeSampler, range = many): Float64Array {
  const counts = new Float64Array(50);
  for (const t of sampler.draw(range, random(1), chain)) counts[stepOfTime(t, 50)]!++;
  return counts;
}

const chiSquared = (counts: Float64Array, expected: (step: number) => number) =>
  counts.reduce((sum, count, i) => sum + (count - expected(i)) ** 2 / expected(i), 0);
/** Five standard deviations above the mean of chi-squared with 49 degrees of freedom. */
const LIMIT = 49 + 5 * Math.sqrt(98);

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float64Array) => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};

test.each([uniform(), stratified(), stratified({ offset: "own" }), importance()])(
  "$name draws every step of a chain as often",
  (sampler) => {
    expect(chiSquared(histogram(sampler), () => COUNT / 50)).toBeLessThan(LIMIT);
  },
);

test("uniform times without steps have the moments of (0, 1]", () => {
  const times = uniform().draw(many, random(2), rectified());
  expect(Math.abs(mean(times) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / COUNT));
  expect(Math.abs(mean(times.map((t) => t ** 2)) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / COUNT));
});

test("stratified times of one update are evenly spread, each update in its own place", () => {
  const batch = 16;
  const updates = [0, 1, 2].map((update) =>
    [...stratified().draw({ first: update * batch, count: batch, batch }, random(3), rectified())].sort(
      (a, b) => a - b,
    ),
  );
  for (const times of updates) {
    times.slice(1).forEach((t, i) => {
      expect(t - times[i]!).toBeCloseTo(1 / batch, 12);
    });
  }
  expect(new Set(updates.map(([first]) => first)).size).toBe(3);
  const own = stratified({ offset: "own" }).draw({ first: 0, count: batch, batch }, random(3), rectified());
  expect([...own].map((t) => Math.ceil(t * batch)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: batch }, (_, i) => i + 1),
  );
});

test("log-normal has the mean and deviation asked for, in ln sigma / alpha", () => {
  const logs = logNormal({ mean: -1, deviation: 0.8 })
    .draw(many, random(4), edm())
    .map((t) => Math.log(80 * t));
  expect(Math.abs(mean(logs) + 1)).toBeLessThan((5 * 0.8) / Math.sqrt(COUNT));
  expect(Math.abs(deviation(logs) - 0.8)).toBeLessThan((5 * 0.8) / Math.sqrt(2 * COUNT));
});

test("logit-normal has the mean and deviation asked for, in ln t / (1 − t)", () => {
  const logits = logitNormal({ mean: 0.3, deviation: 1.1 })
    .draw(many, random(5), rectified())
    .map((t) => Math.log(t / (1 - t)));
  expect(Math.abs(mean(logits) - 0.3)).toBeLessThan((5 * 1.1) / Math.sqrt(COUNT));
  expect(Math.abs(deviation(logits) - 1.1)).toBeLessThan((5 * 1.1) / Math.sqrt(2 * COUNT));
  const steps = logitNormal().draw(many, random(5), chain);
  expect(steps.every((t) => Number.isInteger(stepOfTime(t, 50)))).toBe(true);
});

/** A sampler that saw the loss `(step + 1) / 50` at every step, `rounds` times. */
const taught = (rounds: number, sampler = importance()) => {
  const times = Float64Array.from({ length: 50 }, (_, i) => (i + 1) / 50);
  let learning = sampler;
  for (let i = 0; i < rounds; i++) learning = learning.learn(times, times, chain);
  return learning;
};

test("importance is uniform until every step has its ten losses", () => {
  const almost = taught(9);
  expect([...new Set([0.02, 0.5, 1].map((t) => almost.weight(t, chain)))]).toEqual([1]);
  expect(taught(10).weight(1, chain)).toBeLessThan(1);
});

test("importance then draws steps in proportion to their root mean squared loss", () => {
  const total = (50 * 51) / 2;
  const expected = (i: number) => COUNT * ((0.999 * (i + 1)) / total + 0.001 / 50);
  expect(chiSquared(histogram(taught(10)), expected)).toBeLessThan(LIMIT);
});

test("importance weights make every objective's expectation the uniform one", () => {
  const sampler = taught(12);
  const weights = Array.from({ length: 50 }, (_, i) => sampler.weight((i + 1) / 50, chain));
  // E_p[w f] = Σ p w f = Σ f / T, with p = 1 / (T w).
  expect(weights.reduce((sum, weight) => sum + 1 / (50 * weight), 0)).toBeCloseTo(1, 12);
  const drawn = sampler.draw(many, random(6), chain);
  const estimate = mean(drawn.map((t) => sampler.weight(t, chain) * Math.cos(5 * t)));
  const exact = weights.reduce((sum, _, i) => sum + Math.cos((5 * (i + 1)) / 50) / 50, 0);
  expect(Math.abs(estimate - exact)).toBeLessThan(0.03);
});

test("importance remembers the last ten losses only, and learning leaves the old sampler alone", () => {
  const before = taught(10);
  const copy = JSON.stringify(before.memory);
  const after = before.learn([1], [7], chain);
  expect(JSON.stringify(before.memory)).toBe(copy);
  expect(after.memory[49]).toEqual([...before.memory[49]!.slice(1), 7]);
});

test("importance resumes from its saved memory, through JSON", () => {
  const sampler = taught(11);
  const restored = importance().recall(JSON.parse(JSON.stringify(sampler.memory)));
  expect(restored.draw(many, random(7), chain)).toEqual(sampler.draw(many, random(7), chain));
});

test("importance refuses what it cannot learn from", () => {
  expect(() => importance().learn([1], [Number.NaN], chain)).toThrow("loss 0 is NaN");
  expect(() => importance().learn([1], [-1], chain)).toThrow("loss 0 is -1");
  expect(() => importance().learn([0.51], [1], chain)).toThrow("time 0.51 is not one of the 50 steps");
  expect(() => importance().draw(many, random(1), rectified())).toThrow("schedule rectified has no steps");
  expect(() => taught(1).draw(many, random(1), cosine())).toThrow("memory of 50 steps");
});

test("between-steps draws every step as often, and √ᾱ uniformly down to it from the step before", () => {
  const alphas = [1, ...Array.from({ length: 50 }, (_, i) => chain.at((i + 1) / 50).alpha)];
  const counts = new Float64Array(50);
  const places = betweenSteps()
    .draw(many, random(1), chain)
    .map((t) => {
      const { alpha } = chain.at(t);
      const i = alphas.findIndex((bound, k) => k > 0 && alpha >= bound - 1e-12) - 1;
      counts[i]!++;
      return (alpha - alphas[i + 1]!) / (alphas[i]! - alphas[i + 1]!);
    });
  expect(chiSquared(counts, () => COUNT / 50)).toBeLessThan(LIMIT);
  expect(Math.abs(mean(places) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / COUNT));
  expect(Math.abs(mean(places.map((w) => w ** 2)) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / COUNT));
  expect(() => betweenSteps().draw(many, random(1), rectified())).toThrow(/no steps/);
});
