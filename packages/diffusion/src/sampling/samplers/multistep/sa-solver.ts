import { halfLogSnr, type NoiseLevel, type Plugin, type Prediction, type Sampler } from "@ddpm/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { adamsWeights } from "../../arithmetic/adams.ts";
import { checkFalling } from "../../arithmetic/ancestral.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep, withSignal } from "../../arithmetic/edge-step.ts";
import { moveTo, predict } from "../../prediction.ts";

/** Options of {@link saSolver}. */
export interface SaSolverOptions {
  /** Guesses that the predictor looks at, 1 … 4; 2. */
  readonly predictor?: number | undefined;
  /** Guesses that the corrector looks at, the newest included, 1 … 4; 2. */
  readonly corrector?: number | undefined;
  /** τ: strength of the noise, 1 for the reverse SDE; 1. */
  readonly tau?: number | undefined;
  /** Lowest sigma / alpha at which noise is added; 0. */
  readonly noiseMin?: number | undefined;
  /** Highest sigma / alpha at which noise is added; ∞. */
  readonly noiseMax?: number | undefined;
  /** Lower the orders at the end, the predictor's down to 1; true. */
  readonly lowerFinal?: boolean | undefined;
}

/** Weights of guesses in one step, newest first, with the second-order weights of the paper's code. */
function weightsOf(
  lambdas: readonly number[],
  start: number,
  end: number,
  rate: number,
  gap: number,
): readonly number[] {
  const weights = adamsWeights(lambdas, start, end, rate);
  if (lambdas.length !== 2) return weights;
  const h = end - start;
  const tilt = (h ** 2 / 2 - (h * rate + Math.expm1(-rate * h)) / rate ** 2) / gap;
  return [weights[0]! + tilt, weights[1]! - tilt];
}

/**
 * Stochastic Adams: a predictor and a corrector in λ on the reverse SDE of strength τ, for data prediction. The noise of a
 * step is the same before and after its correction. Steps into sigma = 0 or out of alpha = 0 are of first order.
 *
 * Source: Xue et al. 2023, "SA-Solver", algorithm 1; diffusers SASolverScheduler, with its weights for two guesses.
 */
export const saSolver: Plugin<SaSolverOptions, Sampler> = plugin({
  name: "sa-solver",
  about: "Stochastic Adams predictor and corrector: one call, noise of a chosen strength.",
  source: "Xue et al. 2023 (SA-Solver), algorithm 1",
  options: {
    predictor: z.number().int().min(1).max(4).default(2).describe("predictions that the predictor uses"),
    corrector: z.number().int().min(1).max(4).default(2).describe("predictions that the corrector uses"),
    tau: z.number().gt(0).default(1).describe("strength of the noise, 1 for the reverse SDE"),
    noiseMin: z.number().min(0).default(0).describe("lowest sigma / alpha at which noise is added"),
    noiseMax: z.number().positive().optional().describe("highest sigma / alpha at which noise is added"),
    lowerFinal: z.boolean().default(true).describe("lower the orders at the end"),
  },
  create({ predictor, corrector, tau, noiseMin, noiseMax = Number.POSITIVE_INFINITY, lowerFinal }) {
    const strengthAt = ({ alpha, sigma }: NoiseLevel): number =>
      noiseMin <= sigma / alpha && sigma / alpha <= noiseMax ? tau ** 2 : 0;

    /** The step without its noise, from `base`, with the given guesses, newest first. */
    const mean = (base: Prediction, guesses: readonly Prediction[], to: NoiseLevel): Tensor => {
      const [start, end] = [halfLogSnr(base.at), halfLogSnr(to)];
      const strength = strengthAt(base.at);
      const lambdas = guesses.map(({ at }) => halfLogSnr(at));
      const gap = lambdas[0]! - (lambdas[1] ?? 0);
      const weights = weightsOf(lambdas, start, end, 1 + strength, gap);
      const keep = Math.exp(-strength * (end - start)) * (to.sigma / base.at.sigma);
      const terms = guesses.map(({ x0 }, i): Term => [(1 + strength) * to.alpha * weights[i]!, x0]);
      return combine([keep, base.x], ...terms);
    };

    return {
      name: "sa-solver",
      order: 0,
      memory: Math.max(predictor, corrector),
      step({ x, from, to, denoise, noise, history, index, count }) {
        checkFalling("diffusion/sa-solver", from, to);
        const seen = predict(x, from, denoise);
        const past = withSignal(history);
        const predictedBy = (at: number, known: number): number =>
          Math.min(predictor, lowerFinal ? count - at : predictor, known);

        const [last] = past;
        let corrected = x;
        if (last) {
          const before = past.slice(0, predictedBy(index - 1, past.length));
          const order = Math.min(corrector, lowerFinal ? count - index + 2 : corrector, past.length + 1);
          const again = mean(last, [seen, ...past].slice(0, order), from);
          corrected = combine([1, x], [1, again], [-1, mean(last, before, from)]);
        }
        const prediction: Prediction = { ...seen, x: corrected };
        if (edgeStep(from, to)) return { x: moveTo(prediction, to), prediction };
        const known = [prediction, ...past].slice(0, predictedBy(index, past.length + 1));
        const h = halfLogSnr(to) - halfLogSnr(from);
        const spread = to.sigma * Math.sqrt(-Math.expm1(-2 * strengthAt(from) * h));
        const next = mean(prediction, known, to);
        return { x: spread > 0 ? combine([1, next], [spread, noise()]) : next, prediction };
      },
    };
  },
});
