import { type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Optimizer } from "../optimizer.ts";
import { updateNumbers, zeroState } from "./moments.ts";

/** Gradient descent: v ← momentum · v + g; w ← w − rate · v, or · (g + momentum · v) with Nesterov's look ahead. */
export const sgd: Plugin<{ momentum?: number; nesterov?: boolean; decay?: number }, Optimizer> = plugin({
  name: "sgd",
  about: "Gradient descent, with momentum where wanted.",
  source: "Sutskever et al. 2013, section 2; torch.optim.SGD",
  options: {
    momentum: z.number().min(0).lt(1).default(0).describe("memory of earlier gradients"),
    nesterov: z.boolean().default(false).describe("look one step ahead along the momentum"),
    decay: z.number().min(0).default(0).describe("L2 penalty added to the gradient"),
  },
  create: ({ momentum, nesterov, decay }): Optimizer => ({
    name: "sgd",
    init: (params) => (momentum > 0 ? zeroState(params, ["velocity"]) : {}),
    scalars: (_, learningRate) => ({ rate: learningRate }),
    update: (input) =>
      updateNumbers(input, (param, raw, kept) => {
        const { rate } = input.scalars;
        const gradient = decay > 0 ? tf.add(raw, tf.mul(param, decay)) : raw;
        if (momentum === 0) return { param: tf.sub(param, tf.mul(gradient, rate!)), state: {} };
        const velocity = tf.add(tf.mul(kept("velocity"), momentum), gradient);
        const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
        return { param: tf.sub(param, tf.mul(direction, rate!)), state: { velocity } };
      }),
  }),
});
