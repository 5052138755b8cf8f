import { expect, test } from "vitest";
import { cosine, custom, linear, schedules, sigmoid } from "../src/index.ts";

test("a name and options make a schedule, and nothing else does", () => {
  expect(schedules.create({ name: "cosine", steps: 10 }).steps).toBe(10);
  expect(schedules.create("linear").steps).toBe(1000);
  expect(() => schedules.create("cosin")).toThrow('Did you mean "cosine"?');
  expect(() => schedules.create({ name: "cosine", step: 10 })).toThrow('unknown option "step"');
  expect(() => linear({ steps: 0 })).toThrow('option "steps"');
  expect(() => linear({ steps: 2.5 })).toThrow('option "steps"');
  expect(() => linear({ betaEnd: 1.5 })).toThrow('option "betaEnd"');
  expect(() => custom({ betas: [] })).toThrow('option "betas"');
});

test("options that are in range but do not fit together are refused", () => {
  expect(() => sigmoid({ start: 3, end: -3 })).toThrow("start 3 is not below end -3");
  expect(() => linear({ steps: 10, rescale: true })).toThrow("β at step 5 is");
  expect(() => cosine({ minBeta: 0.5, maxBeta: 0.1 })).toThrow("minBeta 0.5 is above maxBeta 0.1");
});
