import { fail, type Plugin, type Sampler } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { ancestralShape, ancestralStep } from "../../arithmetic/ancestral.ts";
import { combine } from "../../arithmetic/combine.ts";
import { firstStep } from "../../arithmetic/first-step.ts";
import { moveTo, predict } from "../../prediction.ts";

/** Options of {@link ddim}. */
export interface DdimOptions {
  /** Share of ancestral noise, 0 (none, deterministic) … 1 (as DDPM with fixed-small variance); 0. */
  readonly eta?: number | undefined;
  /** What that noise is multiplied with; 1. */
  readonly noiseScale?: number | undefined;
  /**
   * End at the level of a chain's first step, alpha_0 · x̂_0 + sigma_0 · ε̂, instead of at clean images (diffusers'
   * `set_alpha_to_one: false`); false.
   */
  readonly toFirstStep?: boolean | undefined;
}

/**
 * x_s = alpha_s · x̂_0 + √(sigma_s² − ς²) · ε̂ + ς · ε with ς = η · (sigma_s / sigma_t) · √(sigma_t² − (alpha_t sigma_s / alpha_s)²).
 * Without noise it is Euler's method on the probability-flow ODE (k-diffusion's `sample_euler`), and also runs
 * upwards, from images to their noise; at η = 1 it is k-diffusion's `sample_euler_ancestral`.
 *
 * Source: Song et al. 2020, "Denoising Diffusion Implicit Models", eq. 12 and 16.
 */
export const ddim: Plugin<DdimOptions, Sampler> = plugin({
  name: "ddim",
  about: "Deterministic Euler steps along the prediction; eta mixes ancestral noise back in.",
  source: "Song et al. 2020 (DDIM), eq. 12 and 16",
  options: {
    ...ancestralShape,
    eta: ancestralShape.eta.default(0),
    toFirstStep: z
      .boolean()
      .default(false)
      .describe("end at the level of the chain's first step instead of at clean images"),
  },
  create: ({ eta, noiseScale, toFirstStep }) => ({
    name: "ddim",
    order: eta === 0 ? 1 : 0,
    step({ x, from, to: next, denoise, schedule, noise }) {
      const to = toFirstStep && next.sigma === 0 ? firstStep("diffusion/ddim", schedule) : next;
      if (eta > 0 && !(from.t > next.t)) {
        fail("diffusion/ddim", "noise only fits on the way down.", "Take eta = 0 to go up.");
      }
      const prediction = predict(x, from, denoise);
      const { down, up } = ancestralStep(from, to, eta);
      const moved = moveTo(prediction, down);
      return { x: up > 0 ? combine([1, moved], [noiseScale * up, noise()]) : moved, prediction };
    },
  }),
});
