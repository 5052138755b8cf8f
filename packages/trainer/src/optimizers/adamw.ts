import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { adamOptions, adamRule } from "./arithmetic/adam-rule.ts";
import type { Optimizer } from "./optimizer.ts";

/** AdamW: every weight shrinks by rate · decay before the step, as in torch.optim.AdamW. */
export const adamw: Plugin<
  { beta1?: number; beta2?: number; eps?: number; amsgrad?: boolean; decay?: number },
  Optimizer
> = plugin({
  name: "adamw",
  about: "Adam with decoupled weight decay.",
  source: "Loshchilov and Hutter 2019, algorithm 2; torch.optim.AdamW",
  options: {
    ...adamOptions,
    decay: z.number().min(0).default(0.01).describe("share of the learning rate by which weights shrink"),
  },
  create: (options): Optimizer => adamRule("adamw", { ...options, decoupled: true }),
});
