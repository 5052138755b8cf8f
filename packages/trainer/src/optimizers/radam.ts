import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { average, updateNumbers, zeroState } from "./arithmetic/moments.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * Rectified Adam: plain momentum while the square's running mean is too young to be trusted (ρ ≤ 5), then Adam times
 * r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ)). Both branches are one formula with two rates, one of them 0.
 */
export const radam: Plugin<{ beta1?: number; beta2?: number; eps?: number; decay?: number }, Optimizer> =
  plugin({
    name: "radam",
    about: "Adam that warms itself up.",
    source: "Liu et al. 2020, algorithm 2; torch.optim.RAdam",
    options: {
      beta1: z.number().min(0).lt(1).default(0.9).describe("memory of the gradient's mean"),
      beta2: z.number().min(0).lt(1).default(0.999).describe("memory of the gradient's square"),
      eps: z.number().min(0).default(1e-8).describe("added to the root of the square"),
      decay: z.number().min(0).default(0).describe("L2 penalty added to the gradient"),
    },
    create: ({ beta1, beta2, eps, decay }): Optimizer => ({
      name: "radam",
      init: (params) => zeroState(params, ["mean", "square"]),
      scalars(n, learningRate) {
        const rate = learningRate / (1 - beta1 ** n);
        const longest = 2 / (1 - beta2) - 1;
        const length = longest - (2 * n * beta2 ** n) / (1 - beta2 ** n);
        if (length <= 5) return { plain: rate, adaptive: 0 };
        const rectify = Math.sqrt(
          ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length),
        );
        return { plain: 0, adaptive: rate * rectify * Math.sqrt(1 - beta2 ** n) };
      },
      update: (input) =>
        updateNumbers(input, (param, raw, kept) => {
          const { plain, adaptive } = input.scalars;
          const gradient = decay > 0 ? tf.add(raw, tf.mul(param, decay)) : raw;
          const mean = average(kept("mean"), gradient, beta1);
          const square = average(kept("square"), tf.square(gradient), beta2);
          const factor = tf.add(tf.div(adaptive!, tf.add(tf.sqrt(square), eps)), plain!);
          return { param: tf.sub(param, tf.mul(mean, factor)), state: { mean, square } };
        }),
    }),
  });
