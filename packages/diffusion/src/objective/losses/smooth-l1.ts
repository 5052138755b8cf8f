import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";
import type { ElementLoss } from "./element-loss.ts";
import { huber } from "./huber.ts";

/** Options of {@link smoothL1}. */
export interface SmoothL1Options {
  /** Error at which the square turns into a line; 1. */
  readonly beta?: number | undefined;
}

/** Huber's loss over its turning point, so that the line always has slope 1: r² / (2 β), then |r| − β / 2. */
export const smoothL1: Plugin<SmoothL1Options, ElementLoss> = plugin({
  name: "smooth-l1",
  about: "Absolute error, rounded off near 0.",
  source: "Girshick 2015, eq. 3; torch.nn.SmoothL1Loss",
  options: {
    beta: z.number().positive().default(1).describe("error at which the square turns into a line"),
  },
  create({ beta }) {
    const rounded = huber({ delta: beta });
    return { name: "smooth-l1", apply: (f, target) => tf.div(rounded.apply(f, target), beta) };
  },
});
