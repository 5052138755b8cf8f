import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { EmaDecay } from "./ema.ts";

/** min(decay, (1 + n) / (10 + n)), n updates after the first: young averages forget the initial weights quickly. */
export const warmup: Plugin<{ decay?: number; minimum?: number; after?: number }, EmaDecay> = plugin({
  name: "warmup",
  about: "Short memory at first, growing to `decay`.",
  source: "tf.train.ExponentialMovingAverage; diffusers EMAModel without use_ema_warmup",
  options: {
    decay: z.number().min(0).max(1).default(0.9999).describe("longest memory"),
    minimum: z.number().min(0).max(1).default(0).describe("shortest memory, once averaging has begun"),
    after: z.int().min(0).default(0).describe("updates that only copy"),
  },
  create: ({ decay, minimum, after }): EmaDecay => ({
    name: "warmup",
    at({ update }) {
      const n = update - after - 1;
      return n <= 0 ? 0 : Math.max(minimum, Math.min(decay, (1 + n) / (10 + n)));
    },
  }),
});
