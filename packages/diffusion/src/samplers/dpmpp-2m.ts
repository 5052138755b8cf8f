import { halfLogSnr, type Plugin, type Prediction, plugin, type Sampler } from "@ddpm/core";
import { combine, type Term } from "../combine.ts";
import { predict } from "../prediction.ts";

/**
 * DPM-Solver++(2M): the ODE solved exactly in λ = ln(alpha / sigma) for an x̂_0 that runs straight through the last
 * two guesses. The first step, and steps into sigma = 0 or out of alpha = 0, hold x̂_0 constant (first order).
 *
 * Source: Lu et al. 2022, "DPM-Solver++", algorithm 2; k-diffusion `sample_dpmpp_2m`.
 */
export const dpmpp2m: Plugin<Record<never, never>, Sampler> = plugin({
  name: "dpmpp-2m",
  about: "Multistep solver in log-SNR from the last two guesses: one call, second order.",
  source: "Lu et al. 2022 (DPM-Solver++), algorithm 2",
  options: {},
  create: () => ({
    name: "dpmpp-2m",
    order: 2,
    memory: 1,
    step({ x, from, to, denoise, history: [before] }) {
      const prediction = predict(x, from, denoise);
      const lambda = halfLogSnr(from);
      const h = halfLogSnr(to) - lambda;
      const gain = -to.alpha * Math.expm1(-h);
      const keep = to.sigma / from.sigma;
      const slope = before && Number.isFinite(h) ? slopeOf(before, lambda, h) : 0;
      const terms: Term[] = [
        [keep, x],
        [gain * (1 + slope), prediction.x0],
      ];
      if (before) terms.push([-gain * slope, before.x0]);
      return { x: combine(...terms), prediction };
    },
  }),
});

/** h / (2 · h_before): how far the difference of the last two guesses is carried on; 0 after an infinite step. */
function slopeOf(before: Prediction, lambda: number, h: number): number {
  return h / (2 * (lambda - halfLogSnr(before.at)));
}
