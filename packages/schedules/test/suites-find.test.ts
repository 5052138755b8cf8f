import type { NoiseSchedule, Spacing, TimeSampler } from "@ddpm/core";
import { scheduleSuite, spacingSuite, timeSamplerSuite } from "@ddpm/testing";
import type { ScheduleCheck } from "@ddpm/testing/authoring";
import { expect, test } from "vitest";
import { even, linear, uniform } from "../src/index.ts";

/** Names of the checks that fail. */
const broken = (checks: readonly ScheduleCheck[]) =>
  checks.flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch {
      return [name];
    }
  });

const good = linear({ steps: 20 });
let made = 0;

test.each<[string, () => NoiseSchedule, string]>([
  ["noise at t = 0", () => ({ name: "x", at: (t) => ({ alpha: 1, sigma: 0.1 + t }) }), "t = 0 is clean"],
  ["rising signal", () => ({ name: "x", at: (t) => ({ alpha: 1, sigma: t * (1.5 - t) }) }), "falls strictly"],
  ["infinite noise", () => ({ name: "x", at: (t) => ({ alpha: 1, sigma: t / (1 - t) }) }), "finite"],
  [
    "a hidden counter",
    () => ({ name: "x", at: (t) => ({ alpha: 1, sigma: t * (1 + made++) }) }),
    "same numbers",
  ],
  ["a wrong inverse", () => ({ ...good, timeAt: () => 0.5 }), "inverts at(t)"],
  [
    "betas of another chain",
    () => ({ ...good, betas: linear({ steps: 20, betaEnd: 0.5 }).betas! }),
    "entry i",
  ],
  ["steps without betas", () => ({ name: "x", at: good.at, steps: 20 }), "come together"],
])("the schedule suite finds %s", (_, make, check) => {
  expect(broken(scheduleSuite(make)).join()).toContain(check);
});

test.each<[string, Spacing["times"], string]>([
  [
    "a missing end",
    (n) =>
      even()
        .times(n, good)
        .map((t) => t + 0.001),
    "the last one 0",
  ],
  ["too few times", (n) => even().times(n, good).slice(1), "n + 1 times"],
  ["rising times", (n) => even().times(n, good).reverse(), "strictly falling"],
  [
    "times that differ",
    (n) =>
      even()
        .times(n, good)
        .map((t) => (t * made++) / made),
    "same times",
  ],
  ["a missing refusal", (n) => (n > 0 ? even().times(n, good) : Float64Array.of(0)), "are refused"],
])("the spacing suite finds %s", (_, times, check) => {
  expect(broken(spacingSuite(() => ({ name: "x", times }), [good])).join()).toContain(check);
});

test.each<[string, TimeSampler["draw"], string]>([
  ["a time of 0", ({ count }) => new Float64Array(count), "one time in (0, 1]"],
  ["a missing time", ({ count }) => new Float64Array(count - 1).fill(0.5), "one time in (0, 1]"],
  [
    "draws in stream order",
    ({ count }, random) => new Float64Array(count).map(() => 1 - random.uniform()),
    "is cut",
  ],
  ["a seed that is not used", ({ count }) => new Float64Array(count).fill(0.5), "another seed"],
])("the time sampler suite finds %s", (_, draw, check) => {
  expect(broken(timeSamplerSuite(() => ({ name: "x", draw }), [good])).join()).toContain(check);
});

test("what is right passes", () => {
  expect(broken(scheduleSuite(() => linear({ steps: 20 })))).toEqual([]);
  expect(broken(spacingSuite(() => even(), [good]))).toEqual([]);
  expect(broken(timeSamplerSuite(() => uniform(), [good]))).toEqual([]);
});
