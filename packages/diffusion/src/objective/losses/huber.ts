import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";
import type { ElementLoss } from "./element-loss.ts";

/** Options of {@link huber}. */
export interface HuberOptions {
  /** Error at which the square turns into a line; 1. */
  readonly delta?: number | undefined;
}

/**
 * With q = min(|r|, δ): q² / 2 + δ (|r| − q), a square near 0 and a line further out. At δ = 1 this is PyTorch's
 * smooth L1, which "The Annotated Diffusion Model" calls huber.
 *
 * Source: Huber 1964; huggingface/notebooks, annotated_diffusion.ipynb, p_losses.
 */
export const huber: Plugin<HuberOptions, ElementLoss> = plugin({
  name: "huber",
  about: "Squared error for small differences, absolute for large ones (smooth L1).",
  source: "Huber 1964; huggingface/notebooks, annotated_diffusion.ipynb",
  options: {
    delta: z.number().positive().default(1).describe("error at which the square turns into a line"),
  },
  create: ({ delta }) => ({
    name: "huber",
    apply(f, target) {
      const distance = tf.abs(tf.sub(f, target));
      const near = tf.minimum(distance, delta);
      return tf.add(tf.mul(tf.square(near), 0.5), tf.mul(tf.sub(distance, near), delta));
    },
  }),
});
