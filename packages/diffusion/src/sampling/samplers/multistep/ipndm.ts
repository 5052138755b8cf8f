import type { Plugin, Sampler } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { adamsBashforth } from "../../arithmetic/adams-bashforth.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { epsOf, moveTo, predict } from "../../prediction.ts";

/** Options of {@link ipndm}. */
export interface IpndmOptions {
  /** Guesses that a step looks at, 1 … 4; 4. */
  readonly order?: number | undefined;
}

/**
 * Improved PNDM: Adams–Bashforth weights of the last noise guesses, for evenly spaced times, with lower orders
 * instead of a Runge–Kutta start. The first step is DDIM's.
 *
 * Source: Zhang and Chen 2022 (DEIS), section 4; diffusers IPNDMScheduler.
 */
export const ipndm: Plugin<IpndmOptions, Sampler> = plugin({
  name: "ipndm",
  about: "Adams–Bashforth of the noise predictions, for evenly spaced times: one call from the start.",
  source: "Zhang and Chen 2022 (DEIS), section 4; diffusers, IPNDMScheduler",
  options: { order: z.number().int().min(1).max(4).default(4).describe("predictions that a step uses") },
  create: ({ order }) => ({
    name: "ipndm",
    order: 1,
    memory: order - 1,
    step({ x, from, to, denoise, history }) {
      const prediction = predict(x, from, denoise);
      if (history.length === 0 || noSignal(from)) return { x: moveTo(prediction, to), prediction };
      const known = [prediction, ...history];
      const ratio = to.alpha / from.alpha;
      const length = to.sigma - ratio * from.sigma;
      const terms = adamsBashforth(known.length).map(
        (weight, i): Term => [length * weight, epsOf(known[i]!)],
      );
      return { x: combine([ratio, x], ...terms), prediction };
    },
  }),
});
