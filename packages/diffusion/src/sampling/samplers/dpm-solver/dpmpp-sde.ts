import { halfLogSnr, type Moment, type Plugin, type Sampler } from "@ddpm/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { type AncestralOptions, ancestralShape, ancestralStep } from "../../arithmetic/ancestral.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep } from "../../arithmetic/edge-step.ts";
import { momentBetween } from "../../arithmetic/moment-between.ts";
import { moveTo, predict } from "../../prediction.ts";

/** Options of {@link dpmppSde}. */
export interface DpmppSdeOptions extends AncestralOptions {
  /** How far along the step in λ the second guess is made; ½. */
  readonly second?: number | undefined;
}

/**
 * DPM-Solver++ (stochastic): a first-order step with noise to the middle in λ, then one over the whole step with the
 * guesses of both. Steps out of alpha = 0 or into sigma = 0 are of first order.
 *
 * Source: k-diffusion `sample_dpmpp_sde`; diffusers DPMSolverSDEScheduler, whose noise comes from a Brownian tree.
 */
export const dpmppSde: Plugin<DpmppSdeOptions, Sampler> = plugin({
  name: "dpmpp-sde",
  about: "DPM-Solver++ with noise in the middle and at the end of each step: two calls.",
  source: "k-diffusion, sample_dpmpp_sde",
  options: {
    ...ancestralShape,
    second: z.number().gt(0).max(1).default(0.5).describe("how far along the second prediction is made"),
  },
  create: ({ eta, noiseScale, second }) => ({
    name: "dpmpp-sde",
    order: eta > 0 ? 0 : 2,
    calls: 2,
    step({ x, from, to, denoise, schedule, noise }) {
      const prediction = predict(x, from, denoise);
      if (edgeStep(from, to)) {
        const { down, up } = ancestralStep(from, to, eta);
        const fresh: Term[] = up > 0 ? [[noiseScale * up, noise()]] : [];
        return { x: combine([1, moveTo(prediction, down)], ...fresh), prediction };
      }
      const leap = (level: Moment, ...guesses: readonly [share: number, x0: Tensor][]): Tensor => {
        const { down, up } = ancestralStep(from, level, eta);
        const gain = -down.alpha * Math.expm1(halfLogSnr(from) - halfLogSnr(down));
        const terms = guesses.map(([share, x0]): Term => [gain * share, x0]);
        if (up > 0) terms.push([noiseScale * up, noise()]);
        return combine([down.sigma / from.sigma, x], ...terms);
      };
      const middle = momentBetween(schedule, from, to, second);
      const other = predict(leap(middle, [1, prediction.x0]), middle, denoise);
      const share = 1 / (2 * second);
      return { x: leap(to, [1 - share, prediction.x0], [share, other.x0]), prediction };
    },
  }),
});
