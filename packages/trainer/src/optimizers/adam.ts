import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { adamOptions, adamRule } from "./arithmetic/adam-rule.ts";
import type { Optimizer } from "./optimizer.ts";

/** Adam; `decay` is the L2 kind that passes through the moments, as in torch.optim.Adam. */
export const adam: Plugin<
  { beta1?: number; beta2?: number; eps?: number; amsgrad?: boolean; decay?: number },
  Optimizer
> = plugin({
  name: "adam",
  about: "Adaptive moments: each weight has its own rate.",
  source: "Kingma and Ba 2015, algorithm 1; torch.optim.Adam",
  options: {
    ...adamOptions,
    decay: z.number().min(0).default(0).describe("L2 penalty added to the gradient"),
  },
  create: (options): Optimizer => adamRule("adam", { ...options, decoupled: false }),
});
