import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, rateOption, type Unit, unitOption } from "./unit.ts";

/** rate · factor^⌊n / every⌋: `every` 1 is exponential decay. */
export const steps: Plugin<{ rate?: number; every?: number; factor?: number; unit?: Unit }, LearningRate> =
  plugin({
    name: "steps",
    about: "Multiplied by a factor every so often.",
    source: "torch StepLR; ExponentialLR with `every` 1",
    options: {
      rate: rateOption,
      every: z.number().positive().default(10_000).describe("units between two changes"),
      factor: z.number().positive().default(0.5).describe("by how much"),
      unit: unitOption,
    },
    create: ({ rate, every, factor, unit }): LearningRate => ({
      name: "steps",
      at: (progress) => rate * factor ** Math.floor(elapsed(unit, progress) / every),
    }),
  });
