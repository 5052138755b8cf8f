import { halfLogSnr, type NoiseLevel, type Plugin, type Prediction, type Sampler } from "@ddpm/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep, withSignal } from "../../arithmetic/edge-step.ts";
import { unipcWeights } from "../../arithmetic/unipc-weights.ts";
import { epsOf, moveTo, predict } from "../../prediction.ts";

/** Options of {@link unipc}. */
export interface UnipcOptions {
  /** Guesses that the predictor looks at, 1 … 4; 2. */
  readonly order?: number | undefined;
  /** What is taken as a polynomial in λ: the clean image or the noise; "x0". */
  readonly predict?: "x0" | "eps" | undefined;
  /** B(h): h, or e^h − 1; "bh2". */
  readonly solver?: "bh1" | "bh2" | undefined;
  /** Lower the order at the end, down to 1 in the last step; false. */
  readonly lowerFinal?: boolean | undefined;
  /** Steps, from 0, whose end is not corrected; none. */
  readonly uncorrected?: number[] | undefined;
}

/**
 * UniPC: a predictor in λ like DPM-Solver's, and a corrector that goes over the last step again once the guess at its end
 * is known, without asking the network twice. `x` of the history is the corrected one; the guess was made before.
 * Steps into sigma = 0 or out of alpha = 0 are of first order.
 *
 * Source: Zhao et al. 2023, "UniPC", algorithms 5 and 6; diffusers UniPCMultistepScheduler.
 */
export const unipc: Plugin<UnipcOptions, Sampler> = plugin({
  name: "unipc",
  about: "Predictor and corrector from the same predictions: one call, order one above its neighbours.",
  source: "Zhao et al. 2023 (UniPC), algorithms 5 and 6",
  options: {
    order: z.number().int().min(1).max(4).default(2).describe("predictions that the predictor uses"),
    predict: z
      .enum(["x0", "eps"])
      .default("x0")
      .describe("polynomial through clean images, or through noise"),
    solver: z.enum(["bh1", "bh2"]).default("bh2").describe("B(h): h, or e^h − 1"),
    lowerFinal: z.boolean().default(false).describe("lower the order at the end, down to 1"),
    uncorrected: z.array(z.number().int().min(0)).default([]).describe("steps whose end is not corrected"),
  },
  create({ order, predict: kind, solver, lowerFinal, uncorrected }) {
    const orderAt = (index: number, count: number, known: number): number =>
      Math.min(order, lowerFinal ? count - index : order, known);
    const guessOf = (guess: Prediction): Tensor => (kind === "x0" ? guess.x0 : epsOf(guess));

    /** A step from the first of some guesses, newest first, bent by the differences of `others` to it. */
    const leap = (base: Prediction, others: readonly Prediction[], to: NoiseLevel): Tensor => {
      const start = halfLogSnr(base.at);
      const h = halfLogSnr(to) - start;
      if (edgeStep(base.at, to)) return moveTo(base, to);
      const data = kind === "x0";
      const hh = data ? -h : h;
      const gain = data ? -to.alpha : -to.sigma;
      const ratios = others.map(({ at }) => (halfLogSnr(at) - start) / h);
      const weights = others.length > 0 ? unipcWeights(ratios, hh, solver) : [];
      const terms: Term[] = [[data ? to.sigma / base.at.sigma : to.alpha / base.at.alpha, base.x]];
      const first = guessOf(base);
      terms.push([gain * Math.expm1(hh), first]);
      others.forEach((other, i) => {
        const weight = (gain * weights[i]!) / ratios[i]!;
        terms.push([weight, guessOf(other)], [-weight, first]);
      });
      return combine(...terms);
    };

    return {
      name: "unipc",
      order: Math.min(order + 1, lowerFinal ? 2 : 3),
      memory: order,
      step({ x, from, to, denoise, history, index, count }) {
        const raw = predict(x, from, denoise);
        const seen: Prediction = { ...raw, eps: raw.eps ?? epsOf(raw) };
        const past = withSignal(history);
        const [last, ...older] = past;
        const again = last !== undefined && !uncorrected.includes(index - 1);
        const used = orderAt(index - 1, count, past.length);
        const corrected = again ? leap(last, [...older.slice(0, used - 1), seen], from) : x;
        const prediction: Prediction = { ...seen, x: corrected };
        const now = orderAt(index, count, past.length + 1);
        return { x: leap(prediction, past.slice(0, now - 1), to), prediction };
      },
    };
  },
});
