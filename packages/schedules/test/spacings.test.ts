import { halfLogSnr, stepOfTime } from "@ddpm/core";
import { expect, test } from "vitest";
import {
  betaSpacing,
  cosine,
  cosineContinuous,
  ddimStride,
  edm,
  even,
  exponentialSpacing,
  karras,
  leading,
  linear,
  linspace,
  list,
  quadraticSpacing,
  sections,
  trailing,
  ve,
} from "../src/index.ts";

const schedule = linear();
const stepsOf = (times: Float64Array) => [...times].slice(0, -1).map((t) => stepOfTime(t, 1000));

test("leading, trailing and linspace are those of diffusers", () => {
  expect(stepsOf(leading().times(5, schedule))).toEqual([800, 600, 400, 200, 0]);
  expect(stepsOf(leading({ offset: 1 }).times(5, schedule))).toEqual([801, 601, 401, 201, 1]);
  expect(stepsOf(leading({ skipLast: true }).times(7, schedule))).toEqual([
    875, 750, 625, 500, 375, 250, 125,
  ]);
  expect(stepsOf(trailing().times(7, schedule))).toEqual([999, 856, 713, 570, 428, 285, 142]);
  expect(stepsOf(linspace().times(7, schedule))).toEqual([999, 832, 666, 500, 333, 166, 0]);
  expect(stepsOf(linspace({ round: "odd" }).times(7, schedule))).toEqual([999, 833, 666, 499, 333, 167, 0]);
  expect(stepsOf(linspace({ round: "none" }).times(7, schedule)).map((step) => Math.fround(step))).toEqual([
    999, 832.5, 666, 499.5, 333, 166.5, 0,
  ]);
  expect(stepsOf(linspace({ skipLast: true }).times(7, schedule))).toEqual([
    999, 856, 714, 571, 428, 285, 143,
  ]);
  expect(stepsOf(linspace().times(1, schedule))).toEqual([0]);
});

test("lambdaMin starts at the noisiest step above it", () => {
  const squared = cosine();
  const [first] = stepsOf(linspace({ skipLast: true, lambdaMin: -5.1 }).times(10, squared));
  expect(first).toBe(995);
  expect(halfLogSnr(squared.at(996 / 1000))).toBeGreaterThanOrEqual(-5.1);
  expect(halfLogSnr(squared.at(997 / 1000))).toBeLessThan(-5.1);
  expect(() => leading({ lambdaMin: 20 }).times(10, squared)).toThrow("no step of schedule cosine");
});

test("all T steps, once each, is every step", () => {
  const every = Array.from({ length: 1000 }, (_, i) => 999 - i);
  for (const spacing of [leading(), trailing(), linspace()]) {
    expect(stepsOf(spacing.times(1000, schedule))).toEqual(every);
  }
});

test("quadratic is that of the DDIM code", () => {
  const steps = Array.from({ length: 10 }, (_, i) => Math.floor(((i * Math.sqrt(800)) / 9) ** 2));
  expect(stepsOf(quadraticSpacing().times(10, schedule)).reverse()).toEqual(steps);
});

test("quadratic takes steps that round to one step once, at the published 50 and 100 steps and at every other number", () => {
  for (const n of [30, 50, 100, 500, 1000]) {
    const root = (i: number) => (i === n - 1 ? Math.sqrt(800) : (i * Math.sqrt(800)) / (n - 1));
    const squares = Array.from({ length: n }, (_, i) => Math.floor(root(i) ** 2));
    const distinct = [...new Set(squares)].reverse();
    expect(stepsOf(quadraticSpacing().times(n, schedule))).toEqual(distinct);
  }
  expect(stepsOf(quadraticSpacing().times(50, schedule)).slice(-4)).toEqual([5, 2, 1, 0]);
});

test("every number of steps is taken by every spacing, distinct and falling down to the last level before 0", () => {
  const ladders = [karras(), exponentialSpacing(), betaSpacing()];
  for (const spacing of [
    leading(),
    trailing(),
    linspace(),
    sections(),
    even(),
    quadraticSpacing(),
    ...ladders,
  ]) {
    for (let n = 1; n <= 1000; n += ladders.includes(spacing) ? 37 : n < 130 ? 1 : 5) {
      const times = spacing.times(n, schedule);
      const falling = times.every((t, i) => i === 0 || t < times[i - 1]!);
      const whole = spacing.name === "quadratic" ? times.length >= 2 : times.length === n + 1;
      if (!falling || !whole || !(times[0]! <= 1) || times.at(-1) !== 0)
        expect([spacing.name, n]).toEqual("fine");
    }
  }
});

test("leading with an offset or without its last step takes all numbers but those that leave the chain", () => {
  for (let n = 1; n <= 999; n += n < 130 || n > 490 ? 1 : 7) {
    for (const spacing of [leading({ offset: 1 }), leading({ skipLast: true })]) {
      expect(spacing.times(n, schedule)).toHaveLength(n + 1);
    }
  }
  expect(stepsOf(leading({ offset: 1 }).times(50, schedule)).slice(0, 2)).toEqual([981, 961]);
  expect(() => leading({ skipLast: true }).times(1000, schedule)).toThrow("Ask for fewer steps.");
});

test("a ladder that float64 or the schedule cannot hold is refused", () => {
  expect(() => karras({ rho: 0.001 }).times(3, edm())).toThrow("not a finite number above 0");
  expect(() => exponentialSpacing({ rho: 40 }).times(3, schedule)).toThrow("are the same in float32");
  expect(() => karras().times(3, cosineContinuous())).toThrow("no signal left at t = 1");
  expect(() => karras({ sigmaMin: 0.01 }).times(3, ve())).toThrow(
    "sigmaMin is 0.01, but schedule ve begins at 0.0",
  );
});

test("karras takes the ρ-th root evenly, from the schedule's own range", () => {
  const sigmas = [...karras({ rho: 3 }).times(9, schedule)]
    .slice(0, -1)
    .map((t) => Math.exp(-halfLogSnr(schedule.at(t))));
  const roots = sigmas.map((sigma) => sigma ** (1 / 3));
  roots.slice(2).forEach((root, i) => {
    expect(roots[i]! - roots[i + 1]!).toBeCloseTo(roots[i + 1]! - root, 10);
  });
  expect(sigmas[0]).toBeCloseTo(157.407, 3);
  expect(sigmas[8]).toBeCloseTo(0.0100005, 6);
});

test("even strides, down to a last time", () => {
  expect([...even().times(4, schedule)]).toEqual([1, 0.75, 0.5, 0.25, 0]);
  expect([...even({ last: 0.1 }).times(4, schedule)]).toEqual(
    [1, 0.7, 0.4, 0.1, 0].map((t) => expect.closeTo(t, 12)),
  );
  expect([...even().times(1, schedule)]).toEqual([1, 0]);
});

test("what does not fit is refused with a reason", () => {
  expect(() => leading().times(1001, schedule)).toThrow(
    "1001 steps asked of schedule linear, which has 1000",
  );
  expect(() => leading({ offset: 1 }).times(1000, schedule)).toThrow("step 1000 is outside 0 … 999");
  const straight = { name: "straight", at: (t: number) => ({ alpha: 1 - t, sigma: t }) };
  expect(() => trailing().times(10, straight)).toThrow(
    "schedule straight has no steps to pick from. Take the spacing",
  );
  expect(() => karras().times(10, straight)).toThrow("no signal left at t = 1. Give sigmaMax");
  expect(() => karras({ sigmaMax: 200 }).times(10, schedule)).toThrow("ends at 157.4");
  expect(() => karras({ sigmaMin: 3, sigmaMax: 2 }).times(10, schedule)).toThrow("not below sigmaMax");
});

test("trailing takes n steps also where numpy's arange would take one too many", () => {
  const steps = [...trailing().times(7, linear({ steps: 600 }))].slice(0, -1).map((t) => stepOfTime(t, 600));
  expect(steps).toEqual([599, 513, 428, 342, 256, 170, 85]);
});

test("sections and ddim-stride are those of improved-diffusion", () => {
  const short = linear({ steps: 100 });
  const rising = (times: Float64Array) =>
    [...times]
      .slice(0, -1)
      .reverse()
      .map((t) => stepOfTime(t, 100));
  expect(rising(sections().times(7, short))).toEqual([0, 16, 33, 50, 66, 82, 99]);
  expect(rising(sections({ counts: [2, 1, 3] }).times(6, short))).toEqual([0, 33, 34, 67, 83, 99]);
  expect(rising(ddimStride().times(10, short))).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  expect(() => ddimStride().times(30, short)).toThrow("no whole stride takes exactly 30 of 100 steps");
  expect(() => sections({ counts: [2, 2] }).times(5, short)).toThrow(
    "5 steps asked, but the sections have 4",
  );
  expect(() => sections({ counts: [60, 1] }).times(61, short)).toThrow(
    "60 steps do not fit into a section of 50",
  );
});

test("exponential is even in log-SNR, and reaches the schedule's own ends", () => {
  const lambdas = [...exponentialSpacing().times(9, schedule)]
    .slice(0, -1)
    .map((t) => halfLogSnr(schedule.at(t)));
  lambdas.slice(2).forEach((lambda, i) => {
    expect(lambda - lambdas[i + 1]!).toBeCloseTo(lambdas[i + 1]! - lambdas[i]!, 10);
  });
  expect(lambdas[8]).toBeCloseTo(halfLogSnr(schedule.at(0.001)), 10);
});

test("beta spacing is symmetric between its ends where both shapes are the same", () => {
  const straight = edm({ sigmaMax: 1 });
  const sigmas = [...betaSpacing({ sigmaMin: 0.2 }).times(9, straight)].slice(0, -1);
  sigmas.forEach((sigma, i) => {
    expect(sigma + sigmas[8 - i]!).toBeCloseTo(1.2, 10);
  });
});

test("a list is taken as it is, or refused", () => {
  expect([...list({ times: [0.9, 0.5] }).times(2, edm())]).toEqual([0.9, 0.5, 0]);
  expect(stepsOf(list({ steps: [999, 3, 0] }).times(3, schedule))).toEqual([999, 3, 0]);
  expect(() => list({ steps: [3, 5] }).times(2, schedule)).toThrow("steps must fall");
  expect(() => list({ times: [0.5, 0.9] })).toThrow("times must fall");
  expect(() => list({ times: [0.5] }).times(2, schedule)).toThrow("2 steps asked, but 1 are given");
  expect(() => list({ times: [0.5], steps: [3] })).toThrow("both steps and times");
  expect(() => list()).toThrow("neither steps nor times");
});
