import type { Plugin } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, ramp, rateOption, startOption, type Unit, unitOption, warmupOption } from "./unit.ts";

/** One rate, after a warm-up where wanted: rate · min(1, n / warmup), or from the share `start` on. */
export const constant: Plugin<{ rate?: number; warmup?: number; start?: number; unit?: Unit }, LearningRate> =
  plugin({
    name: "constant",
    about: "One rate throughout, after a warm-up where wanted.",
    source: "Ho et al. 2020, appendix B (2e-4, warm-up 5000); torch LinearLR (start)",
    options: { rate: rateOption, warmup: warmupOption, start: startOption, unit: unitOption },
    create: ({ rate, warmup, start, unit }): LearningRate => ({
      name: "constant",
      at: (progress) => rate * ramp(elapsed(unit, progress), warmup, start),
    }),
  });
