import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import {
  elapsed,
  lengthOption,
  ramp,
  rateOption,
  share,
  startOption,
  type Unit,
  unitOption,
  warmupOption,
  whole,
} from "./unit.ts";

/** floor + (rate − floor) (1 − s)^power after the warm-up, s the share of the way; `floor` from the end on. */
export const polynomial: Plugin<
  {
    rate?: number;
    warmup?: number;
    start?: number;
    length?: number;
    floor?: number;
    power?: number;
    unit?: Unit;
  },
  LearningRate
> = plugin({
  name: "polynomial",
  about: "Falls to `floor` as a power of what is left; power 1 is a straight line to 0.",
  source: "diffusers get_polynomial_decay_schedule_with_warmup, get_linear_schedule_with_warmup",
  options: {
    rate: rateOption,
    warmup: warmupOption,
    start: startOption,
    length: lengthOption,
    floor: z.number().min(0).default(0).describe("rate at the end"),
    power: z.number().positive().default(1).describe("1 is a straight line"),
    unit: unitOption,
  },
  create: ({ rate, warmup, start, length, floor, power, unit }): LearningRate => ({
    name: "polynomial",
    at(progress) {
      const n = elapsed(unit, progress);
      if (n < warmup) return rate * ramp(n, warmup, start);
      const left = Math.max(1 - share(n, warmup, length ?? whole(unit, progress)), 0);
      return floor + (rate - floor) * left ** power;
    },
  }),
});
