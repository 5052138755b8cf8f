import { type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { clipByGlobalNorm, globalNorm } from "./by-norm.ts";
import type { Clip } from "./clip.ts";

/** All gradients scaled by one number, so that their global norm is at most `largest`: the direction stays. */
export const norm: Plugin<{ largest?: number; power?: number | "infinity" }, Clip> = plugin({
  name: "norm",
  about: "Bounds the global norm; the direction stays.",
  source: "Pascanu et al. 2013, algorithm 1; torch.nn.utils.clip_grad_norm_",
  options: {
    largest: z.number().positive().default(1).describe("largest norm that passes"),
    power: z
      .union([z.number().positive(), z.literal("infinity")])
      .default(2)
      .describe("which norm: 2 Euclidean, 1 the sum of sizes, infinity the largest number"),
  },
  create: ({ largest, power }): Clip => normClip({ largest, ...(power === 2 ? {} : { power }) }),
});

/** See {@link norm}; `power` other than 2 takes a norm of its own. */
export function normClip({
  largest,
  power,
}: {
  readonly largest: number;
  readonly power?: number | "infinity";
}): Clip {
  const exponent = power === "infinity" ? Number.POSITIVE_INFINITY : power;
  return {
    name: "norm",
    apply: (gradients, euclidean) =>
      clipByGlobalNorm(
        gradients,
        exponent === undefined ? euclidean : globalNorm(gradients, exponent),
        largest,
      ),
  };
}
