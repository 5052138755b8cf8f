import type { NoiseSchedule, Spec } from "@ddpm/core";
import { jsonOf } from "@ddpm/core/authoring";
import { scheduleSuite, spacingSuite, timeSamplerSuite } from "@ddpm/testing";
import { describe, expect, test } from "vitest";
import { schedules, spacings, timeSamplers } from "../src/index.ts";

/** What plugins need that have required options. */
const REQUIRED: Record<string, object> = {
  custom: { betas: [0.01, 0.2, 0.1, 0.9] },
  shifted: { imageSize: 128 },
  list: { times: [1, 0.7, 0.5, 0.1, 0.01] },
};
/** Further settings worth proving. */
const MORE: readonly Spec[] = [
  { name: "linear", steps: 20, rescale: true },
  { name: "linear", steps: 1 },
  { name: "linear", steps: 50, interpolate: "sigma" },
  { name: "cosine", steps: 600, minBeta: 1e-4, maxBeta: 0.02 },
  { name: "sigmoid", steps: 100, start: 0, end: 3, tau: 0.3 },
  { name: "quadratic", steps: 200, squareEnds: true },
  { name: "zero-terminal", of: "scaled-linear", terminal: 2 ** -24 },
  { name: "zero-terminal", of: "linear", interpolate: "sigma" },
  { name: "shifted", of: "cosine", imageSize: 256 },
  { name: "shifted", imageSize: 128, noiseSize: 32, noiseSizeEnd: 64 },
  { name: "rectified", shift: 3 },
];
const all: readonly Spec[] = [...schedules.names.map((name) => ({ name, ...REQUIRED[name] })), ...MORE];

describe.each(all.map((spec) => [JSON.stringify(spec), spec] as const))("schedule %s", (_, spec) => {
  for (const { name, run } of scheduleSuite(() => schedules.create(spec))) test(name, run);
});

const some: readonly NoiseSchedule[] = all.map((spec) => schedules.create(spec));
const stops: readonly Spec[] = [
  ...spacings.names.map((name) => ({ name, ...REQUIRED[name] })),
  { name: "linspace", round: "none" },
  { name: "leading", offset: 1, skipLast: true },
  { name: "sections", counts: [10, 15, 25] },
  { name: "karras", sigmaMin: 0.05, sigmaMax: 5, rho: 3 },
  { name: "exponential", rho: 2 },
  { name: "list", steps: [900, 500, 100, 3, 0] },
];

describe.each(stops.map((spec) => [JSON.stringify(spec), spec] as const))("spacing %s", (_, spec) => {
  for (const { name, run } of spacingSuite(() => spacings.create(spec), some)) test(name, run);
});

describe.each(timeSamplers.names)("time sampler %s", (name) => {
  const long = some.filter(({ steps }) => (steps ?? 1000) >= 20);
  for (const check of timeSamplerSuite(() => timeSamplers.create(name), long)) test(check.name, check.run);
});

test.each([...schedules.plugins, ...spacings.plugins, ...timeSamplers.plugins])(
  "plugin $name says what it is, where it comes from, and what each option means",
  ({ about, source, schema }) => {
    expect(about).toMatch(/\.$/);
    expect(source.length).toBeGreaterThan(5);
    for (const [option, type] of Object.entries(schema.shape)) {
      expect(jsonOf(type).description, option).toBeTruthy();
    }
  },
);
