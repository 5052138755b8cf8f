import type { Plugin, Sampler } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { adamsWeights } from "../../arithmetic/adams.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep, withSignal } from "../../arithmetic/edge-step.ts";
import { epsOf, moveTo, predict } from "../../prediction.ts";

/** Options of {@link deis}. */
export interface DeisOptions {
  /** Guesses that a step looks at, 1 … 4; 2. */
  readonly order?: number | undefined;
  /** Lower the order in the last two steps of trajectories shorter than 15; false. */
  readonly lowerFinal?: boolean | undefined;
}

/**
 * DEIS in log ρ: the noise guess is a polynomial in ln(sigma / alpha) through the last ones, and dz = ε̂ du is integrated
 * exactly. The first step is Euler's, so the order is 2 however many guesses it looks at later.
 *
 * Source: Zhang and Chen 2022, "Fast Sampling of Diffusion Models with Exponential Integrator", ρAB-DEIS with
 * log ρ; diffusers DEISMultistepScheduler.
 */
export const deis: Plugin<DeisOptions, Sampler> = plugin({
  name: "deis",
  about: "Multistep over log-noise, the noise prediction a polynomial: one call.",
  source: "Zhang and Chen 2022 (DEIS); diffusers, DEISMultistepScheduler",
  options: {
    order: z.number().int().min(1).max(4).default(2).describe("predictions that a step uses"),
    lowerFinal: z
      .boolean()
      .default(false)
      .describe("lower the order at the end of trajectories shorter than 15"),
  },
  create: ({ order, lowerFinal }) => ({
    name: "deis",
    order: Math.min(order, 2),
    memory: order - 1,
    step({ x, from, to, denoise, history, index, count }) {
      const prediction = predict(x, from, denoise);
      const left = lowerFinal && count < 15 ? count - index : order;
      const known = withSignal([prediction, ...history]).slice(0, left);
      if (known.length < 2 || edgeStep(from, to)) return { x: moveTo(prediction, to), prediction };
      const places = known.map(({ at }) => Math.log(at.sigma / at.alpha));
      const weights = adamsWeights(places, places[0]!, Math.log(to.sigma / to.alpha), 1);
      const terms = known.map((guess, i): Term => [to.sigma * weights[i]!, epsOf(guess)]);
      return { x: combine([to.alpha / from.alpha, x], ...terms), prediction };
    },
  }),
});
