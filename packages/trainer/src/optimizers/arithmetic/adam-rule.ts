import type { Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import type { Optimizer, UpdateInput, UpdateOutput } from "../optimizer.ts";
import { adamByKernel, hasAdamKernel } from "./adam-kernel.ts";
import { average, updateNumbers, zeroState } from "./moments.ts";

/** Options that Adam and AdamW share. */
export const adamOptions: {
  readonly beta1: z.ZodDefault<z.ZodNumber>;
  readonly beta2: z.ZodDefault<z.ZodNumber>;
  readonly eps: z.ZodDefault<z.ZodNumber>;
  readonly amsgrad: z.ZodDefault<z.ZodBoolean>;
} = {
  beta1: z.number().min(0).lt(1).default(0.9).describe("memory of the gradient's mean"),
  beta2: z.number().min(0).lt(1).default(0.999).describe("memory of the gradient's square"),
  eps: z.number().min(0).default(1e-8).describe("added to the root of the corrected square"),
  amsgrad: z.boolean().default(false).describe("divide by the largest square so far (Reddi et al. 2018)"),
};

/** Numbers of {@link adamOptions}, and how weights decay. */
export interface AdamRule {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly amsgrad: boolean;
  /** Weight decay per update, as a share of the learning rate (decoupled) or of the weight (L2). */
  readonly decay: number;
  /** Decay the weight itself (AdamW) rather than through the gradient (Adam's L2). */
  readonly decoupled: boolean;
}

/**
 * w ← w − rate / (1 − β₁ⁿ) · m / (√(v / (1 − β₂ⁿ)) + ε), with both corrections moved into two numbers:
 * `rate` √(1 − β₂ⁿ) / (1 − β₁ⁿ) and ε √(1 − β₂ⁿ), so that a weight costs twelve operations.
 *
 * Source: Kingma and Ba 2015, algorithm 1 and section 2; Loshchilov and Hutter 2019, algorithm 2; as torch.optim
 * defines them.
 */
export function adamRule(name: string, rule: AdamRule): Optimizer {
  const { beta1, beta2, eps, amsgrad, decay, decoupled } = rule;
  const kinds = amsgrad ? ["mean", "square", "largest"] : ["mean", "square"];

  const byKernel = (input: UpdateInput): UpdateOutput => {
    const { rate, floor, shrink = tf.scalar(1) } = input.scalars;
    const numbers = tf.stack([rate!, floor!, shrink]);
    const attributes = { beta1, beta2, decay: decoupled ? 0 : decay };
    return updateNumbers(input, (param, gradient, kept) => {
      const given = { param, gradient, mean: kept("mean"), square: kept("square"), numbers };
      const [next, mean, square] = adamByKernel(given, attributes);
      return { param: next, state: { mean, square } };
    });
  };
  const update = (input: UpdateInput): UpdateOutput => {
    if (!amsgrad && hasAdamKernel()) return byKernel(input);
    const { rate, floor, shrink } = input.scalars;
    return updateNumbers(input, (param, raw, kept) => {
      const gradient = decay > 0 && !decoupled ? tf.add(raw, tf.mul(param, decay)) : raw;
      const mean = average(kept("mean"), gradient, beta1);
      const square = average(kept("square"), tf.square(gradient), beta2);
      const largest = amsgrad ? tf.maximum(kept("largest"), square) : square;
      const step = tf.mul(tf.div(mean, tf.add(tf.sqrt(largest), floor!)), rate!);
      const start = decay > 0 && decoupled ? tf.mul(param, shrink!) : param;
      const state = amsgrad ? { mean, square, largest } : { mean, square };
      return { param: tf.sub(start, step), state };
    });
  };

  return {
    name,
    init: (params: Params) => zeroState(params, kinds),
    scalars(n, learningRate) {
      const root = Math.sqrt(1 - beta2 ** n);
      return {
        rate: (learningRate * root) / (1 - beta1 ** n),
        floor: eps * root,
        ...(decay > 0 && decoupled ? { shrink: 1 - learningRate * decay } : {}),
      };
    },
    update,
  };
}
