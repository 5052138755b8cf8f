import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { average, updateNumbers, zeroState } from "./arithmetic/moments.ts";
import type { Optimizer } from "./optimizer.ts";

/** RMSprop: w ← w − rate · g / (√v + ε), v the running mean of g² (of its variance when `centered`). */
export const rmsprop: Plugin<
  { alpha?: number; eps?: number; momentum?: number; centered?: boolean; decay?: number },
  Optimizer
> = plugin({
  name: "rmsprop",
  about: "Gradients divided by their running root mean square.",
  source: "Hinton 2012, lecture 6e; Graves 2013, section 4.2 (centered); torch.optim.RMSprop",
  options: {
    alpha: z.number().min(0).lt(1).default(0.99).describe("memory of the gradient's square"),
    eps: z.number().min(0).default(1e-8).describe("added to the root"),
    momentum: z.number().min(0).lt(1).default(0).describe("memory of earlier steps"),
    centered: z.boolean().default(false).describe("subtract the square of the running mean"),
    decay: z.number().min(0).default(0).describe("L2 penalty added to the gradient"),
  },
  create({ alpha, eps, momentum, centered, decay }): Optimizer {
    const kinds = ["square", ...(momentum > 0 ? ["velocity"] : []), ...(centered ? ["mean"] : [])];
    return {
      name: "rmsprop",
      init: (params) => zeroState(params, kinds),
      scalars: (_, learningRate) => ({ rate: learningRate }),
      update: (input) =>
        updateNumbers(input, (param, raw, kept) => {
          const { rate } = input.scalars;
          const state: Record<string, tf.Tensor> = {};
          const gradient = decay > 0 ? tf.add(raw, tf.mul(param, decay)) : raw;
          state.square = average(kept("square"), tf.square(gradient), alpha);
          if (centered) state.mean = average(kept("mean"), gradient, alpha);
          const variance = centered ? tf.sub(state.square, tf.square(state.mean!)) : state.square;
          let direction = tf.div(gradient, tf.add(tf.sqrt(variance), eps));
          if (momentum > 0) {
            direction = tf.add(tf.mul(kept("velocity"), momentum), direction);
            state.velocity = direction;
          }
          return { param: tf.sub(param, tf.mul(direction, rate!)), state };
        }),
    };
  },
});
