import type { Plugin, Sampler } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { adamsWeights } from "../../arithmetic/adams.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { withSignal } from "../../arithmetic/edge-step.ts";
import { epsOf, moveTo, predict } from "../../prediction.ts";

/** Options of {@link lms}. */
export interface LmsOptions {
  /** Guesses that a step looks at, 1 … 4; 4. */
  readonly order?: number | undefined;
}

/**
 * Linear multistep in z = x / alpha over u = sigma / alpha: the noise guess is a polynomial in u through the last ones,
 * integrated exactly. The first step is Euler's, so the order is 2 however many guesses it looks at later.
 *
 * Source: k-diffusion, `sample_lms`; diffusers LMSDiscreteScheduler.
 */
export const lms: Plugin<LmsOptions, Sampler> = plugin({
  name: "lms",
  about: "Adams–Bashforth over sigma / alpha: one call, from up to four predictions of the noise.",
  source: "k-diffusion, sample_lms",
  options: { order: z.number().int().min(1).max(4).default(4).describe("predictions that a step uses") },
  create: ({ order }) => ({
    name: "lms",
    order: Math.min(order, 2),
    memory: order - 1,
    step({ x, from, to, denoise, history }) {
      const prediction = predict(x, from, denoise);
      if (noSignal(from) || noSignal(to)) return { x: moveTo(prediction, to), prediction };
      const known = withSignal([prediction, ...history]);
      if (known.length === 1 && to.sigma === 0) return { x: moveTo(prediction, to), prediction };
      const places = known.map(({ at }) => at.sigma / at.alpha);
      const weights = adamsWeights(places, places[0]!, to.sigma / to.alpha, 0);
      const terms = known.map((guess, i): Term => [to.alpha * weights[i]!, epsOf(guess)]);
      return { x: combine([to.alpha / from.alpha, x], ...terms), prediction };
    },
  }),
});
