import {
  fail,
  type Moment,
  type NoiseSchedule,
  type Plugin,
  plugin,
  type Sampler,
  stepOfTime,
} from "@ddpm/core";
import { z } from "zod";
import { combine } from "../combine.ts";
import { predict } from "../prediction.ts";

/** Options of {@link ddpm}. */
export interface DdpmOptions {
  /** Variance of the noise put back: β̃ (right when x_0 is known) or β (right when x_0 is N(0, I)); "fixed-small". */
  readonly variance?: "fixed-small" | "fixed-large" | undefined;
}

/** How noise grew from `to` to `from`: x_from = ratio · x_to + √variance · ε. */
function transition(from: Moment, to: Moment, { steps, betas }: NoiseSchedule) {
  const ratio = from.alpha / to.alpha;
  const step = steps ? stepOfTime(from.t, steps) : Number.NaN;
  const neighbours = Number.isInteger(step) && stepOfTime(to.t, steps!) === step - 1;
  const variance = neighbours ? betas![step]! : from.sigma ** 2 - (ratio * to.sigma) ** 2;
  return { ratio, variance };
}

/**
 * Ancestral sampling: the mean of q(x_s | x_t, x̂_0), and noise of a fixed variance. No noise goes into t = 0.
 * On neighbouring steps of a chain the numbers are those of its betas; longer steps are the respaced chain.
 *
 * Source: Ho et al. 2020, algorithm 2, eq. 7 and section 3.2; for any two levels Kingma et al. 2021, eq. 26–29.
 */
export const ddpm: Plugin<DdpmOptions, Sampler> = plugin({
  name: "ddpm",
  about: "Ancestral sampling of DDPM: the posterior mean, plus noise.",
  source: "Ho et al. 2020, algorithm 2 and eq. 7",
  options: {
    variance: z
      .enum(["fixed-small", "fixed-large"])
      .default("fixed-small")
      .describe("variance of the noise: β̃ (fixed-small) or β (fixed-large)"),
  },
  create: ({ variance: kind }) => ({
    name: "ddpm",
    order: 0,
    step({ x, from, to, denoise, schedule, noise }) {
      if (!(from.t > to.t)) fail("diffusion/ddpm", `asked to go from t = ${from.t} up to ${to.t}.`);
      const prediction = predict(x, from, denoise);
      const { ratio, variance } = transition(from, to, schedule);
      const keep = (ratio * to.sigma ** 2) / from.sigma ** 2;
      const pull = (to.alpha * variance) / from.sigma ** 2;
      const mean = combine([keep, x], [pull, prediction.x0]);
      if (to.sigma === 0) return { x: mean, prediction };
      const scale = Math.sqrt(
        kind === "fixed-large" ? variance : (variance * to.sigma ** 2) / from.sigma ** 2,
      );
      return { x: combine([1, mean], [scale, noise()]), prediction };
    },
  }),
});
