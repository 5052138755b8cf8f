import "@tensorflow/tfjs";
import type { Sampler } from "@ddpm/core";
import { samplerSuite } from "@ddpm/testing";
import { describe, test } from "vitest";
import { ddim, ddpm, samplers } from "../src/index.ts";
import { families } from "./support.ts";

const makers: Record<string, () => Sampler> = {
  ...Object.fromEntries(samplers.names.map((name) => [name, () => samplers.create(name)])),
  "ddpm, fixed-large": () => ddpm({ variance: "fixed-large" }),
  "ddim, eta 0.5": () => ddim({ eta: 0.5 }),
  "ddim, eta 1": () => ddim({ eta: 1 }),
};

for (const [name, make] of Object.entries(makers)) {
  describe(name, () => {
    for (const check of samplerSuite(make, { schedules: families })) test(check.name, check.run);
  });
}
