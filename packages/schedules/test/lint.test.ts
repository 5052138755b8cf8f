import type { NoiseSchedule } from "@ddpm/core";
import { expect, test } from "vitest";
import { betaTable } from "../src/authoring.ts";
import { cosine, custom, linear, lint, sigmoid } from "../src/index.ts";

const found = (schedule: NoiseSchedule) => lint(schedule).map(({ what }) => what);

test.each([linear(), cosine(), sigmoid(), linear({ steps: 512, rescale: true }), cosine({ steps: 10 })])(
  "nothing to say about $name with $steps steps",
  (schedule) => {
    expect(lint(schedule)).toEqual([]);
  },
);

test.each([512, 600, 300])(
  "a linear schedule of %i steps that was not rescaled keeps signal at the end",
  (steps) => {
    const [warning, ...rest] = lint(linear({ steps }));
    expect(rest).toEqual([]);
    expect(warning?.what).toContain("is left");
    expect(warning?.do).toContain("rescale");
  },
);

test("a cosine cut to 0.02 is another schedule, and keeps signal", () => {
  const warnings = found(cosine({ steps: 600, minBeta: 1e-4, maxBeta: 0.02 }));
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain("0.00876");
  expect(warnings[1]).toContain("100 of 600 betas were cut");
});

test("falling betas are named", () => {
  expect(found(custom({ betas: [0.1, 0.5, 0.2, 0.999, 0.9999] }))).toEqual([
    "β falls at step 2, from 0.500 to 0.200.",
  ]);
  expect(found(custom({ betas: [0.1, 0.000635, 0.00063498, 0.999, 0.9999] }))[0]).toContain(
    "β falls at step 1, from 0.100 to 0.000635.",
  );
  const close = found(custom({ betas: [0.000635, 0.00063498, 0.5, 0.999, 0.9999] }));
  expect(close[0]).toBe("β falls at step 1, from 0.00063500 to 0.00063498.");
});

test("no signal at all at the end is named", () => {
  expect(found(betaTable("terminal", [0.1, 0.5, 1]))).toEqual(["At t = 1 no signal is left at all."]);
});

test("schedules that break the contract are named", () => {
  const rising: NoiseSchedule = { name: "rising", at: (t) => ({ alpha: 1, sigma: t * (1.5 - t) }) };
  expect(found(rising).join()).toContain("Log-SNR does not fall");
  const noisy: NoiseSchedule = { name: "noisy", at: (t) => ({ alpha: 1 - t, sigma: 0.1 + t }) };
  expect(found(noisy).join()).toContain("At t = 0 alpha is 1 and sigma 0.1");
  const outside: NoiseSchedule = { ...linear({ steps: 3 }), betas: Float64Array.of(0.1, 1.2, 0.1) };
  expect(found(outside).join()).toContain("β at step 1 is 1.2");
});
