import { halfLogSnr, stepOfTime } from "@ddpm/core";
import { expect, test } from "vitest";
import { cosine, even, karras, leading, linear, linspace, quadraticSteps, trailing } from "../src/index.ts";

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
  expect(stepsOf(quadraticSteps().times(10, schedule)).reverse()).toEqual(steps);
  expect(() => quadraticSteps().times(500, schedule)).toThrow("steps must fall");
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
