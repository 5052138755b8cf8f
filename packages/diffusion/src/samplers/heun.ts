import { type Plugin, plugin, type Sampler } from "@ddpm/core";
import { combine } from "../combine.ts";
import { epsOf, moveTo, predict } from "../prediction.ts";

/**
 * Heun's method in z = x / alpha over u = sigma / alpha, where the probability-flow ODE reads dz/du = ε̂:
 * z_s = z_t + (u_s − u_t) (ε̂_t + ε̂_s) / 2. Where u is infinite or 0 at one end, one Euler step.
 *
 * Source: Karras et al. 2022, algorithm 1, without its churn; their steps are in sigma with alpha = 1.
 */
export const heun: Plugin<Record<never, never>, Sampler> = plugin({
  name: "heun",
  about: "Euler's step, then the mean of both ends: two calls, second order.",
  source: "Karras et al. 2022, algorithm 1",
  options: {},
  create: () => ({
    name: "heun",
    order: 2,
    calls: 2,
    step({ x, from, to, denoise }) {
      const prediction = predict(x, from, denoise);
      const guess = moveTo(prediction, to);
      if (to.sigma === 0 || from.alpha === 0) return { x: guess, prediction };
      const ratio = to.alpha / from.alpha;
      const half = (to.sigma - ratio * from.sigma) / 2;
      const eps = combine([half, epsOf(prediction)], [half, epsOf(predict(guess, to, denoise))]);
      return { x: combine([ratio, x], [1, eps]), prediction };
    },
  }),
});
