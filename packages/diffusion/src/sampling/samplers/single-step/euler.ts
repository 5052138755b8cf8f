import type { Plugin, Sampler } from "@ddpm/core";
import { plugin } from "../../../plugin.ts";
import { type ChurnOptions, churned, churnShape } from "../../arithmetic/churn.ts";
import { moveTo, predict } from "../../prediction.ts";

/**
 * Euler's method on the probability-flow ODE, after an optional rise in noise. Without churn it is DDIM.
 *
 * Source: Karras et al. 2022, algorithm 2 without its correction; k-diffusion `sample_euler`.
 */
export const euler: Plugin<ChurnOptions, Sampler> = plugin({
  name: "euler",
  about: "Euler steps; churn adds noise before each.",
  source: "Karras et al. 2022, algorithm 2; k-diffusion, sample_euler",
  options: churnShape,
  create: (options) => ({
    name: "euler",
    order: options.churn > 0 ? 0 : 1,
    step(input) {
      const { x, from } = churned(input, options);
      const prediction = predict(x, from, input.denoise);
      return { x: moveTo(prediction, input.to), prediction };
    },
  }),
});
