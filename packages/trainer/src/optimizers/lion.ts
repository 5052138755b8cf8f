import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { average, updateNumbers, zeroState } from "./arithmetic/moments.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * w ← (1 − rate · decay) w − rate · sign(β₁ m + (1 − β₁) g), then m ← β₂ m + (1 − β₂) g: every weight moves by the
 * same amount, so rates are 3 to 10 times smaller than Adam's and decays as much larger.
 */
export const lion: Plugin<{ beta1?: number; beta2?: number; decay?: number }, Optimizer> = plugin({
  name: "lion",
  about: "The sign of a momentum: half of Adam's memory.",
  source: "Chen et al. 2023, algorithm 2",
  options: {
    beta1: z.number().min(0).lt(1).default(0.9).describe("memory in the direction of a step"),
    beta2: z.number().min(0).lt(1).default(0.99).describe("memory of the gradient's mean"),
    decay: z.number().min(0).default(0).describe("share of the learning rate by which weights shrink"),
  },
  create: ({ beta1, beta2, decay }): Optimizer => ({
    name: "lion",
    init: (params) => zeroState(params, ["mean"]),
    scalars: (_, learningRate) => ({ rate: learningRate, shrink: 1 - learningRate * decay }),
    update: (input) =>
      updateNumbers(input, (param, gradient, kept) => {
        const { rate, shrink } = input.scalars;
        const direction = tf.sign(average(kept("mean"), gradient, beta1));
        const start = decay > 0 ? tf.mul(param, shrink!) : param;
        const mean = average(kept("mean"), gradient, beta2);
        return { param: tf.sub(start, tf.mul(direction, rate!)), state: { mean } };
      }),
  }),
});
