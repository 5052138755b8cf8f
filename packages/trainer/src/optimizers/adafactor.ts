import type { Params, Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { updateEach } from "./arithmetic/moments.ts";
import type { Optimizer, UpdateInput, UpdateOutput } from "./optimizer.ts";

/**
 * Adam's square without its memory: of a weight [… , I, O] only the means of g² over its rows and over its columns are
 * kept, v ≈ row · column / mean(row), 1 / I + 1 / O of the numbers. No mean of the gradient is kept. A step is as long
 * as the weight's own root mean square times min(rate, 1 / √n), and its root mean square at most `threshold`.
 *
 * The last two axes are factored: input by output channels here, as in the paper, where torch.optim.Adafactor factors
 * the height and width of a convolution.
 */
export const adafactor: Plugin<
  { power?: number; eps?: number; smallest?: number; threshold?: number; decay?: number },
  Optimizer
> = plugin({
  name: "adafactor",
  about: "Rows and columns in place of every weight's own square: hardly any memory.",
  source: "Shazeer and Stern 2018, algorithms 4 and 5; torch.optim.Adafactor",
  options: {
    power: z.number().lt(0).default(-0.8).describe("memory of the square in update n: 1 − n^power"),
    eps: z
      .number()
      .positive()
      .default(2 ** -23)
      .describe("smallest root of a square"),
    smallest: z.number().min(0).default(1e-3).describe("smallest size that a weight counts with"),
    threshold: z.number().positive().default(1).describe("largest root mean square of a step"),
    decay: z.number().min(0).default(0).describe("share of the learning rate by which weights shrink"),
  },
  create({ power, eps, smallest, threshold, decay }): Optimizer {
    const update = (input: UpdateInput): UpdateOutput =>
      updateEach(input, (param, gradient, kept) => {
        const { length, fresh, shrink } = input.scalars;
        const mix = (before: tf.Tensor, value: tf.Tensor): tf.Tensor =>
          tf.add(before, tf.mul(tf.sub(value, before), fresh!));
        const squares = tf.square(gradient);
        const state: Record<string, tf.Tensor> =
          param.rank > 1
            ? {
                row: mix(kept("row"), tf.mean(squares, -1, true)),
                column: mix(kept("column"), tf.mean(squares, -2, true)),
              }
            : { square: mix(kept("square"), squares) };
        const estimate = state.square ?? fromFactors(state.row!, state.column!, eps);
        const step = tf.div(gradient, tf.sqrt(tf.maximum(estimate, eps * eps)));
        const size = tf.mul(tf.maximum(rootMeanSquare(param), smallest), length!);
        const factor = tf.div(size, tf.maximum(tf.div(rootMeanSquare(step), threshold), 1));
        const start = decay > 0 ? tf.mul(param, shrink!) : param;
        return { param: tf.sub(start, tf.mul(step, factor)), state };
      });
    return {
      name: "adafactor",
      init: emptyFactors,
      scalars: (n, learningRate) => ({
        length: Math.min(learningRate, 1 / Math.sqrt(n)),
        fresh: n ** power,
        shrink: 1 - learningRate * decay,
      }),
      update,
    };
  },
});

/** `row/…` [… , I, 1] and `column/…` [… , 1, O], or `square/…` of a weight with one axis or none. */
function emptyFactors(params: Params): Params {
  const entries = Object.entries(params).flatMap(([name, { shape, rank }]): [string, tf.Tensor][] => {
    if (rank < 2) return [[`square/${name}`, tf.zeros(shape)]];
    const outer = shape.slice(0, -2);
    return [
      [`row/${name}`, tf.zeros([...outer, shape.at(-2)!, 1])],
      [`column/${name}`, tf.zeros([...outer, 1, shape.at(-1)!])],
    ];
  });
  return Object.fromEntries(entries);
}

function fromFactors(row: tf.Tensor, column: tf.Tensor, eps: number): tf.Tensor {
  const scale = tf.maximum(tf.mean(row, -2, true), eps);
  return tf.mul(tf.div(row, scale), column);
}

function rootMeanSquare(x: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.mean(tf.square(x)));
}
