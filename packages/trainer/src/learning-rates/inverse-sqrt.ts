import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, ramp, rateOption, startOption, type Unit, unitOption, warmupOption } from "./unit.ts";

/** rate / √max(n / hold, 1) after the warm-up: full until `hold`, then as one over the root of what is behind. */
export const inverseSqrt: Plugin<
  { rate?: number; warmup?: number; start?: number; hold?: number; unit?: Unit },
  LearningRate
> = plugin({
  name: "inverse-sqrt",
  about: "Falls as one over the square root of the updates made; needs no end.",
  source: "Vaswani et al. 2017, eq. 3 (hold = warm-up); Karras et al. 2024 (EDM2), eq. 67",
  options: {
    rate: rateOption,
    warmup: warmupOption,
    start: startOption,
    hold: z.number().positive().optional().describe("units of the full rate; the warm-up when left out"),
    unit: unitOption,
  },
  create: ({ rate, warmup, start, hold, unit }): LearningRate => ({
    name: "inverse-sqrt",
    at(progress) {
      const n = elapsed(unit, progress);
      const full = hold ?? Math.max(warmup, 1);
      return (rate * ramp(n, warmup, start)) / Math.sqrt(Math.max(n / full, 1));
    },
  }),
});
