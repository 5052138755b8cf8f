import { type Plugin, plugin } from "@ddpm/core";
import type { LearningRate } from "../learning-rate.ts";
import { elapsed, ramp, rateOption, type Unit, unitOption, warmupOption } from "./unit.ts";

/** One rate, after a warm-up where wanted: rate · min(1, n / warmup). */
export const constant: Plugin<{ rate?: number; warmup?: number; unit?: Unit }, LearningRate> = plugin({
  name: "constant",
  about: "One rate throughout, after a warm-up where wanted.",
  source: "Ho et al. 2020, appendix B (2e-4, warm-up 5000)",
  options: { rate: rateOption, warmup: warmupOption, unit: unitOption },
  create: ({ rate, warmup, unit }): LearningRate => ({
    name: "constant",
    at: (progress) => rate * ramp(elapsed(unit, progress), warmup),
  }),
});
