import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { average, updateNumbers, zeroState } from "./arithmetic/moments.ts";
import type { Optimizer } from "./optimizer.ts";

/** Memory of the momentum in update n: β₁ (1 − 0.96^{n ψ} / 2), growing from β₁ / 2 to β₁. */
const momentumOf = (beta1: number, psi: number, n: number): number => beta1 * (1 - 0.5 * 0.96 ** (n * psi));

/**
 * Adam that looks one step ahead along its momentum: w ← w − rate · ((1 − μₙ) / (1 − Πμ) g + μₙ₊₁ / (1 − Πμ μₙ₊₁) m) /
 * (√(v / (1 − β₂ⁿ)) + ε), Πμ = μ₁ … μₙ.
 */
export const nadam: Plugin<
  { beta1?: number; beta2?: number; eps?: number; psi?: number; decay?: number; repeat?: boolean },
  Optimizer
> = plugin({
  name: "nadam",
  about: "Adam with Nesterov momentum.",
  source: "Dozat 2016, algorithm 2; torch.optim.NAdam",
  options: {
    beta1: z.number().min(0).lt(1).default(0.9).describe("longest memory of the gradient's mean"),
    beta2: z.number().min(0).lt(1).default(0.999).describe("memory of the gradient's square"),
    eps: z.number().min(0).default(1e-8).describe("added to the root of the corrected square"),
    psi: z.number().min(0).default(4e-3).describe("ψ, how fast the memory of the mean grows"),
    decay: z.number().min(0).default(0).describe("L2 penalty added to the gradient"),
    repeat: z
      .boolean()
      .default(false)
      .describe("count μₙ twice in the momentum's correction, as torch 1 did"),
  },
  create({ beta1, beta2, eps, psi, decay, repeat }): Optimizer {
    const product = runningProduct((n) => momentumOf(beta1, psi, n));
    return {
      name: "nadam",
      init: (params) => zeroState(params, ["mean", "square"]),
      scalars(n, learningRate) {
        const now = momentumOf(beta1, psi, n);
        const ahead = momentumOf(beta1, psi, n + 1);
        const root = Math.sqrt(1 - beta2 ** n);
        return {
          fresh: (learningRate * root * (1 - now)) / (1 - product(n)),
          kept: (learningRate * root * ahead) / (1 - product(n) * (repeat ? now : 1) * ahead),
          floor: eps * root,
        };
      },
      update: (input) =>
        updateNumbers(input, (param, raw, before) => {
          const { fresh, kept, floor } = input.scalars;
          const gradient = decay > 0 ? tf.add(raw, tf.mul(param, decay)) : raw;
          const mean = average(before("mean"), gradient, beta1);
          const square = average(before("square"), tf.square(gradient), beta2);
          const direction = tf.add(tf.mul(gradient, fresh!), tf.mul(mean, kept!));
          const step = tf.div(direction, tf.add(tf.sqrt(square), floor!));
          return { param: tf.sub(param, step), state: { mean, square } };
        }),
    };
  },
});

/** f(1) f(2) … f(n), by steps where n grows by one; the same numbers wherever it starts. */
function runningProduct(factor: (n: number) => number): (n: number) => number {
  let reached = 0;
  let value = 1;
  return (n) => {
    if (n < reached) [reached, value] = [0, 1];
    while (reached < n) value *= factor(++reached);
    return value;
  };
}
