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

/**
 * floor + (rate − floor) (1 + cos(2π · cycles · s)) / 2 after the warm-up, s the share of the way. Half a cycle, the
 * default, falls once; with `restarts` each whole cycle falls once and starts again at the top.
 */
export const cosine: Plugin<
  {
    rate?: number;
    warmup?: number;
    start?: number;
    length?: number;
    floor?: number;
    cycles?: number;
    restarts?: boolean;
    unit?: Unit;
  },
  LearningRate
> = plugin({
  name: "cosine",
  about: "Falls along half a cosine.",
  source:
    "Loshchilov and Hutter 2017, eq. 5; diffusers get_cosine_schedule_with_warmup; torch CosineAnnealingLR",
  options: {
    rate: rateOption,
    warmup: warmupOption,
    start: startOption,
    length: lengthOption,
    floor: z.number().min(0).default(0).describe("lowest rate"),
    cycles: z.number().positive().default(0.5).describe("waves after the warm-up; falls when `restarts`"),
    restarts: z.boolean().default(false).describe("jump back to the top instead of climbing"),
    unit: unitOption,
  },
  create: ({ rate, warmup, start, length, floor, cycles, restarts, unit }): LearningRate => ({
    name: "cosine",
    at(progress) {
      const n = elapsed(unit, progress);
      if (n < warmup) return rate * ramp(n, warmup, start);
      const s = share(n, warmup, length ?? whole(unit, progress));
      if (restarts && s >= 1) return floor;
      const turn = restarts ? ((cycles * s) % 1) / 2 : cycles * s;
      return floor + ((rate - floor) * (1 + Math.cos(2 * Math.PI * turn))) / 2;
    },
  }),
});
