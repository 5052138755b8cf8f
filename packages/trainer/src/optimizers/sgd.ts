import { fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { updateNumbers, zeroState } from "./arithmetic/moments.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@link sgd}. */
export interface SgdOptions {
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly decay?: number;
}

/**
 * Gradient descent: v ← momentum · v + (1 − dampening) · g, undamped in the first update; w ← w − rate · v, or
 * w ← w − rate · (g + momentum · v) with Nesterov's look ahead, which takes no dampening.
 */
export const sgd: Plugin<SgdOptions, Optimizer> = plugin({
  name: "sgd",
  about: "Gradient descent, with momentum where wanted.",
  source: "Sutskever et al. 2013, section 2; torch.optim.SGD",
  options: {
    momentum: z.number().min(0).lt(1).default(0).describe("memory of earlier gradients"),
    dampening: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("share of each gradient that the momentum leaves out, after the first update"),
    nesterov: z.boolean().default(false).describe("look one step ahead along the momentum"),
    decay: z.number().min(0).default(0).describe("L2 penalty added to the gradient"),
  },
  create({ momentum, dampening, nesterov, decay }): Optimizer {
    if (nesterov && dampening > 0) {
      fail(
        "trainer/sgd",
        `nesterov with dampening ${dampening} given, expected dampening 0.`,
        "Leave out one of the two.",
      );
    }
    const damped = momentum > 0 && dampening > 0;
    return {
      name: "sgd",
      init: (params) => (momentum > 0 ? zeroState(params, ["velocity"]) : {}),
      scalars: (n, learningRate) => ({
        rate: learningRate,
        ...(damped ? { fresh: n === 1 ? 1 : 1 - dampening } : {}),
      }),
      update: (input) =>
        updateNumbers(input, (param, raw, kept) => {
          const { rate, fresh } = input.scalars;
          const gradient = decay > 0 ? tf.add(raw, tf.mul(param, decay)) : raw;
          if (momentum === 0) return { param: tf.sub(param, tf.mul(gradient, rate!)), state: {} };
          const added = fresh ? tf.mul(gradient, fresh) : gradient;
          const velocity = tf.add(tf.mul(kept("velocity"), momentum), added);
          const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
          return { param: tf.sub(param, tf.mul(direction, rate!)), state: { velocity } };
        }),
    };
  },
});
