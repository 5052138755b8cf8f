import { type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Optimizer } from "../optimizer.ts";
import { average, updateEach, zeroState } from "./moments.ts";

/** Adam with Nesterov's look ahead: μₙ = β₁ (1 − 0.96^(n ψ) / 2), and the step mixes this gradient with the next mean. */
export const nadam: Plugin<
  { beta1?: number; beta2?: number; eps?: number; momentumDecay?: number; decay?: number },
  Optimizer
> = plugin({
  name: "nadam",
  about: "Adam with Nesterov momentum.",
  source: "Dozat 2016, algorithm 2; torch.optim.NAdam",
  options: {
    beta1: z.number().min(0).lt(1).default(0.9).describe("memory of the gradient's mean"),
    beta2: z.number().min(0).lt(1).default(0.999).describe("memory of the gradient's square"),
    eps: z.number().min(0).default(1e-8).describe("added to the root of the corrected square"),
    momentumDecay: z.number().min(0).default(0.004).describe("ψ, how fast the momentum grows to beta1"),
    decay: z.number().min(0).default(0).describe("L2 penalty added to the gradient"),
  },
  create({ beta1, beta2, eps, momentumDecay, decay }): Optimizer {
    const mu = (n: number): number => beta1 * (1 - 0.5 * 0.96 ** (n * momentumDecay));
    const products = [1];
    const product = (n: number): number => {
      for (let i = products.length; i <= n; i++) products.push(products[i - 1]! * mu(i));
      return products[n]!;
    };
    return {
      name: "nadam",
      init: (params) => zeroState(params, ["mean", "square"]),
      scalars(n, learningRate) {
        const root = Math.sqrt(1 - beta2 ** n);
        return {
          now: (learningRate * (1 - mu(n)) * root) / (1 - product(n)),
          ahead: (learningRate * mu(n + 1) * root) / (1 - product(n + 1)),
          floor: eps * root,
        };
      },
      update: (input) =>
        updateEach(input, (param, raw, kept) => {
          const { now, ahead, floor } = input.scalars;
          const gradient = decay > 0 ? tf.add(raw, tf.mul(param, decay)) : raw;
          const mean = average(kept("mean"), gradient, beta1);
          const square = average(kept("square"), tf.square(gradient), beta2);
          const direction = tf.add(tf.mul(gradient, now!), tf.mul(mean, ahead!));
          const step = tf.div(direction, tf.add(tf.sqrt(square), floor!));
          return { param: tf.sub(param, step), state: { mean, square } };
        }),
    };
  },
});
