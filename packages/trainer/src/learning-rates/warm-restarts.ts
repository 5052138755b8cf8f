import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, ramp, rateOption, startOption, type Unit, unitOption, warmupOption } from "./unit.ts";

/** Half cosines from `rate` to `floor`, each `growth` times as long as the one before, jumping back to the top. */
export const warmRestarts: Plugin<
  {
    rate?: number;
    warmup?: number;
    start?: number;
    first?: number;
    growth?: number;
    floor?: number;
    unit?: Unit;
  },
  LearningRate
> = plugin({
  name: "warm-restarts",
  about: "Falls along half a cosine again and again, each time longer.",
  source: "Loshchilov and Hutter 2017, eq. 5 (T_0, T_mult); torch CosineAnnealingWarmRestarts",
  options: {
    rate: rateOption,
    warmup: warmupOption,
    start: startOption,
    first: z.number().positive().default(10_000).describe("units of the first fall"),
    growth: z.number().min(1).default(2).describe("length of a fall over that of the one before"),
    floor: z.number().min(0).default(0).describe("lowest rate"),
    unit: unitOption,
  },
  create: ({ rate, warmup, start, first, growth, floor, unit }): LearningRate => ({
    name: "warm-restarts",
    at(progress) {
      const n = elapsed(unit, progress);
      if (n < warmup) return rate * ramp(n, warmup, start);
      const s = shareOfFall(n - warmup, first, growth);
      return floor + ((rate - floor) * (1 + Math.cos(Math.PI * s))) / 2;
    },
  }),
});

/** Share in [0, 1) of the fall that n is in; falls begin at first · (1 + growth + … + growth^(k − 1)). */
function shareOfFall(n: number, first: number, growth: number): number {
  if (growth === 1) return (n % first) / first;
  const begin = (k: number): number => (first * (growth ** k - 1)) / (growth - 1);
  let k = Math.floor(Math.log1p((n / first) * (growth - 1)) / Math.log(growth));
  // The logarithm may round to the wrong side of a restart.
  if (n >= begin(k + 1)) k++;
  else if (n < begin(k)) k--;
  return (n - begin(k)) / (first * growth ** k);
}
