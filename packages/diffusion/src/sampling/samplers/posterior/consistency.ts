import { type Plugin, type Sampler, stepOfTime } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { checkFalling } from "../../arithmetic/ancestral.ts";
import { combine } from "../../arithmetic/combine.ts";
import { predict } from "../../prediction.ts";

/** Options of {@link consistency}. */
export interface ConsistencyOptions {
  /** Steps are multiplied with this in the boundary condition; 10. Infinity or large: the guess alone. */
  readonly boundary?: number | undefined;
  /** σ_data of the boundary condition; 0.5. */
  readonly sigmaData?: number | undefined;
}

/**
 * Multistep consistency sampling: jump to the clean image, put fresh noise of the next level on it, jump again. With the
 * boundary condition of latent consistency models, D = c_skip · x + c_out · x̂_0.
 *
 * Source: Song et al. 2023, "Consistency Models", algorithm 1; Luo et al. 2023, "Latent Consistency Models"; diffusers
 * LCMScheduler.
 */
export const consistency: Plugin<ConsistencyOptions, Sampler> = plugin({
  name: "consistency",
  about: "Jumps to the clean image and puts fresh noise on it: for consistency models, a few calls.",
  source: "Song et al. 2023 (consistency models), algorithm 1; diffusers, LCMScheduler",
  options: {
    boundary: z.number().positive().default(10).describe("factor of the step in the boundary condition"),
    sigmaData: z.number().positive().default(0.5).describe("σ_data of the boundary condition"),
  },
  create: ({ boundary, sigmaData }) => ({
    name: "consistency",
    order: 0,
    consistency: "end",
    step({ x, from, to, denoise, schedule, noise }) {
      checkFalling("diffusion/consistency", from, to);
      const prediction = predict(x, from, denoise);
      const time =
        boundary * (schedule.steps ? Math.max(stepOfTime(from.t, schedule.steps), 0) : 1000 * from.t);
      const total = time ** 2 + sigmaData ** 2;
      const keep = sigmaData ** 2 / total;
      const gain = time / Math.sqrt(total);
      const clean = combine([to.alpha * keep, x], [to.alpha * gain, prediction.x0]);
      return { x: to.sigma > 0 ? combine([1, clean], [to.sigma, noise()]) : clean, prediction };
    },
  }),
});
