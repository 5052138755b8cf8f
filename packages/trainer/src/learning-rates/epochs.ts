import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, lengthOption, rateOption, whole } from "./unit.ts";

/**
 * One rate per epoch e = 0, 1, …: rate (e + 1) / warmup, then half a cosine whose first step falls in the first
 * epoch after the warm-up, down to floor · rate.
 */
export const epochs: Plugin<
  { rate?: number; warmup?: number; length?: number; floor?: number },
  LearningRate
> = plugin({
  name: "epochs",
  about: "Warm-up and cosine by whole epochs.",
  source: "mxagar/diffusion-examples ddpm.ipynb train()",
  options: {
    rate: rateOption,
    warmup: z.int().min(1).default(10).describe("epochs of warm-up"),
    length: lengthOption,
    floor: z.number().min(0).max(1).default(0.1).describe("lowest rate, as a share of the full one"),
  },
  create: ({ rate, warmup, length, floor }): LearningRate => ({
    name: "epochs",
    at(progress) {
      const epoch = elapsed("epochs", progress);
      if (epoch < warmup) return (rate * (epoch + 1)) / warmup;
      const s = (epoch + 1 - warmup) / Math.max((length ?? whole("epochs", progress)) - warmup, 1);
      return rate * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * s))) / 2);
    },
  }),
});
