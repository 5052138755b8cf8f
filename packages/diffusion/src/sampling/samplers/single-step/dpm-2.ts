import type { Plugin, Sampler } from "@ddpm/core";
import { plugin } from "../../../plugin.ts";
import { ancestralShape, ancestralStep } from "../../arithmetic/ancestral.ts";
import { type ChurnOptions, churned, churnShape } from "../../arithmetic/churn.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep } from "../../arithmetic/edge-step.ts";
import { momentBetween } from "../../arithmetic/moment-between.ts";
import { epsTerms, moveTerms, moveTo, predict } from "../../prediction.ts";

/** Options of {@link dpm2}. */
export interface Dpm2Options extends ChurnOptions {
  /** Share of ancestral noise, 0 … 1; 0. */
  readonly eta?: number | undefined;
}

/**
 * The midpoint method in z = x / alpha over u = sigma / alpha, its midpoint halfway in ln u; after an optional rise in
 * noise, or with ancestral noise afterwards. Steps out of infinite u or into u = 0 are Euler's.
 *
 * Source: k-diffusion, `sample_dpm_2` and `sample_dpm_2_ancestral`; diffusers KDPM2(Ancestral)DiscreteScheduler.
 */
export const dpm2: Plugin<Dpm2Options, Sampler> = plugin({
  name: "dpm-2",
  about: "The midpoint method, halfway in log-noise: two calls, second order; churn or ancestral noise.",
  source: "k-diffusion, sample_dpm_2 and sample_dpm_2_ancestral",
  options: {
    ...churnShape,
    eta: ancestralShape.eta.default(0),
  },
  create: (options) => ({
    name: "dpm-2",
    order: options.churn > 0 || options.eta > 0 ? 0 : 2,
    calls: 2,
    step(input) {
      const { to, denoise, schedule, noise } = input;
      const { x, from } = churned(input, options);
      const prediction = predict(x, from, denoise);
      const { down, up } = ancestralStep(from, to, options.eta);
      const fresh = (): Term[] => (up > 0 ? [[options.noiseScale * up, noise()]] : []);
      if (edgeStep(from, down)) {
        return { x: combine([1, moveTo(prediction, down)], ...fresh()), prediction };
      }
      const middle = momentBetween(schedule, from, down, 0.5);
      const there = moveTerms(prediction, middle);
      const other = predict(combine(...there), middle, denoise);
      const ratio = down.alpha / from.alpha;
      const length = down.sigma - ratio * from.sigma;
      return { x: combine([ratio, x], ...epsTerms(other, length, there), ...fresh()), prediction };
    },
  }),
});
