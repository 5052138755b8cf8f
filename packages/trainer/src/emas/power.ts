import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { EmaDecay } from "./ema.ts";

/** 1 − (1 + n / γ)^−p between `minimum` and `decay`, n updates after the first one that averages. */
export const power: Plugin<
  { decay?: number; gamma?: number; power?: number; minimum?: number; after?: number; every?: number },
  EmaDecay
> = plugin({
  name: "power",
  about: "Memory that grows as a power of the updates made.",
  source: "lucidrains/ema-pytorch; diffusers EMAModel with use_ema_warmup",
  options: {
    decay: z.number().min(0).max(1).default(0.9999).describe("longest memory"),
    gamma: z.number().positive().default(1).describe("γ, updates until the growth sets in"),
    power: z
      .number()
      .positive()
      .default(2 / 3)
      .describe("p; 2/3 for a million updates and more, 3/4 for fewer"),
    minimum: z.number().min(0).max(1).default(0).describe("shortest memory, once averaging has begun"),
    after: z.int().min(0).default(0).describe("updates that only copy"),
    every: z.int().min(1).default(1).describe("updates between two that count; the first always does"),
  },
  create: ({ decay, gamma, power: p, minimum, after, every }): EmaDecay => ({
    name: "power",
    at({ update }) {
      if ((update - 1) % every !== 0) return 1;
      const n = update - after - 1;
      return n <= 0 ? 0 : Math.max(minimum, Math.min(decay, 1 - (1 + n / gamma) ** -p));
    },
  }),
});
