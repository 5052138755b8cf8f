import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { clipByGlobalNorm, globalNorm } from "./by-norm.ts";
import type { Clip } from "./clip.ts";

/** All gradients scaled by one number, so that their global norm is at most `maxNorm`: the direction stays. */
export const norm: Plugin<{ maxNorm?: number; normType?: number | "infinity" }, Clip> = plugin({
  name: "norm",
  about: "Bounds the global norm; the direction stays.",
  source: "Pascanu et al. 2013, algorithm 1; torch.nn.utils.clip_grad_norm_",
  options: {
    maxNorm: z.number().positive().default(1).describe("largest norm that is left as it is"),
    normType: z
      .union([z.number().positive(), z.literal("infinity")])
      .default(2)
      .describe("p of the p-norm: 2 Euclidean, 1 the sum of absolute values, infinity their maximum"),
  },
  create: ({ maxNorm, normType }): Clip => ({
    name: "norm",
    apply(gradients, euclidean) {
      const p = normType === "infinity" ? Number.POSITIVE_INFINITY : normType;
      return clipByGlobalNorm(gradients, p === 2 ? euclidean : globalNorm(gradients, p), maxNorm);
    },
  }),
});
