import "@tensorflow/tfjs";
import type { Sampler } from "@ddpm/core";
import { cosine } from "@ddpm/schedules";
import { samplerSuite } from "@ddpm/testing";
import { describe, expect, test } from "vitest";
import {
  ddim,
  ddpm,
  deis,
  dpm2,
  dpmAdaptive,
  dpmFast,
  dpmMultistep,
  dpmpp2sAncestral,
  dpmSinglestep,
  euler,
  heun,
  lms,
  odeTime,
  pndm,
  samplers,
  saSolver,
  unipc,
} from "../src/index.ts";
import { exploding, families } from "./support.ts";

const builtIn: Record<string, () => Sampler> = Object.fromEntries(
  samplers.names.map((name) => [name, () => samplers.create(name)]),
);
const variants: Record<string, () => Sampler> = {
  "ddpm, fixed-large": () => ddpm({ variance: "fixed-large" }),
  "ddim, eta 0.5": () => ddim({ eta: 0.5 }),
  "ddim, eta 1": () => ddim({ eta: 1 }),
  "ddpm, mean of the noise": () => ddpm({ mean: "eps" }),
  "dpm-multistep, order 1": () => dpmMultistep({ order: 1 }),
  "dpm-multistep, order 3": () => dpmMultistep({ order: 3 }),
  "dpm-multistep, noise, Heun": () => dpmMultistep({ predict: "eps", solver: "heun" }),
  "dpm-multistep, noise, SDE": () => dpmMultistep({ predict: "eps", eta: 1 }),
  "dpm-multistep, order 3, SDE": () => dpmMultistep({ order: 3, eta: 0.5 }),
  "dpm-singlestep, order 3": () => dpmSinglestep({ order: 3, lowerFinal: false }),
  "dpm-singlestep, noise, Heun": () => dpmSinglestep({ order: 3, predict: "eps", solver: "heun" }),
  "dpm-singlestep, SDE": () => dpmSinglestep({ eta: 1 }),
  "euler, churn": () => euler({ churn: 20 }),
  "heun, midpoint": () => heun({ second: 0.5 }),
  "heun, churn": () => heun({ churn: 20, noiseScale: 1.003 }),
  "dpm-2, ancestral": () => dpm2({ eta: 1 }),
  "dpmpp-2s, without noise": () => dpmpp2sAncestral({ eta: 0 }),
  "lms, order 2": () => lms({ order: 2 }),
  "deis, order 3": () => deis({ order: 3 }),
  "dpm-fast, ancestral": () => dpmFast({ eta: 1 }),
  "dpm-adaptive, order 2": () => dpmAdaptive({ order: 2, relative: 0.01 }),
  "unipc, order 3, noise, bh1": () => unipc({ order: 3, predict: "eps", solver: "bh1" }),
  "unipc, lower at the end": () => unipc({ order: 1, lowerFinal: true }),
  "pndm, improved Euler": () => pndm({ start: "improved-euler", average: "v" }),
  "sa-solver, order 3": () => saSolver({ predictor: 3, corrector: 3 }),
  "ode-time, Euler": () => odeTime({ second: 0 }),
};

for (const [name, make] of Object.entries(builtIn)) {
  describe(name, () => {
    for (const check of samplerSuite(make, { schedules: families, steps: 80 })) test(check.name, check.run);
  });
}

for (const [name, make] of Object.entries(variants)) {
  describe(name, () => {
    for (const check of samplerSuite(make, { schedules: [exploding, cosine()], steps: 80 })) {
      test(check.name, check.run);
    }
  });
}

test("a sampler is described by name, sentence and source", () => {
  for (const { name, about, source } of samplers.plugins) {
    expect([name, about, source].every((text) => text.length > 2)).toBe(true);
  }
});
