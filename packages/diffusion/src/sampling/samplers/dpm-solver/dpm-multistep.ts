import { halfLogSnr, type Plugin, type Sampler } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { checkFalling } from "../../arithmetic/ancestral.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep, withSignal } from "../../arithmetic/edge-step.ts";
import { phis, taylorWeights } from "../../arithmetic/exponential.ts";
import { epsOf, moveTo, predict } from "../../prediction.ts";

/** Options of {@link dpmMultistep}. */
export interface DpmMultistepOptions {
  /** Guesses that a step looks at, 1 … 3; 2. */
  readonly order?: number | undefined;
  /** What is taken as a polynomial in λ: the clean image (DPM-Solver++) or the noise (DPM-Solver); "x0". */
  readonly predict?: "x0" | "eps" | undefined;
  /** How second-order steps weigh the slope; "midpoint". */
  readonly solver?: "midpoint" | "heun" | undefined;
  /** Share of fresh noise: 0 the ODE, 1 the reverse SDE; 0. */
  readonly eta?: number | undefined;
  /** What fresh noise is multiplied with; 1. */
  readonly noiseScale?: number | undefined;
  /** Lower the order in the last two steps of trajectories shorter than 15; false. */
  readonly lowerFinal?: boolean | undefined;
  /** First order in the last step; false. */
  readonly eulerFinal?: boolean | undefined;
  /** Third-order SDE steps with the sign slip of diffusers' DPMSolverMultistepScheduler; false. */
  readonly slip?: boolean | undefined;
}

/**
 * DPM-Solver and DPM-Solver++ in multistep form, on the ODE or, with fresh noise, the reverse SDE: linear parts are
 * solved exactly in λ = ln(alpha / sigma), the guess is a polynomial through the last ones. Steps into sigma = 0 or
 * out of alpha = 0 hold x̂_0 constant, since λ is infinite there; the first steps have fewer guesses to look at,
 * so the order is 2 even with three guesses. With three guesses the curvature counts half of what its exact integral
 * would, as in all published code.
 *
 * Source: Lu et al. 2022, "DPM-Solver++", algorithms 2 and 3 and appendix D; k-diffusion `sample_dpmpp_2m`,
 * `_2m_sde`, `_3m_sde`; diffusers DPMSolverMultistepScheduler.
 */
export const dpmMultistep: Plugin<DpmMultistepOptions, Sampler> = plugin({
  name: "dpm-multistep",
  about: "DPM-Solver(++) from the last predictions: one call, order 1 to 3, with or without fresh noise.",
  source: "Lu et al. 2022 (DPM-Solver++), algorithms 2, 3 and appendix D",
  options: {
    order: z.number().int().min(1).max(3).default(2).describe("predictions that a step uses"),
    predict: z
      .enum(["x0", "eps"])
      .default("x0")
      .describe("polynomial through clean images, or through noise"),
    solver: z
      .enum(["midpoint", "heun"])
      .default("midpoint")
      .describe("how second-order steps weigh the slope"),
    eta: z.number().min(0).max(1).default(0).describe("share of fresh noise, 0 … 1"),
    noiseScale: z.number().min(0).default(1).describe("what fresh noise is multiplied with"),
    lowerFinal: z
      .boolean()
      .default(false)
      .describe("lower the order at the end of trajectories shorter than 15"),
    eulerFinal: z.boolean().default(false).describe("first order in the last step"),
    slip: z.boolean().default(false).describe("third-order SDE steps with the sign slip of diffusers"),
  },
  create: ({ order, predict: kind, solver, eta, noiseScale, lowerFinal, eulerFinal, slip }) => ({
    name: "dpm-multistep",
    order: eta > 0 ? 0 : Math.min(order, 2),
    memory: order - 1,
    step({ x, from, to, denoise, noise, history, index, count }) {
      const prediction = predict(x, from, denoise);
      if (eta > 0) checkFalling("diffusion/dpm-multistep", from, to);
      const edge = edgeStep(from, to);
      if (edge && to.t > from.t) return { x: moveTo(prediction, to), prediction };
      const known = edge ? [prediction] : [prediction, ...withSignal(history)];
      const lambdas = known.map(({ at }) => halfLogSnr(at));
      const h = edge ? Number.POSITIVE_INFINITY : halfLogSnr(to) - halfLogSnr(from);
      const left = eulerFinal && index === count - 1 ? 1 : lowerFinal && count < 15 ? count - index : order;
      const used = Math.min(order, left, known.length);

      const data = kind === "x0" || edge;
      const [phi1, phi2, phi3] = phis(data ? (1 + eta) * h : -h);
      const keep = data
        ? (to.sigma / from.sigma) * (eta > 0 ? Math.exp(-eta * h) : 1)
        : to.alpha / from.alpha;
      const gain = data ? to.alpha : (1 + eta) * to.sigma;
      const slope = used === 2 && solver === "midpoint" ? phi1 / 2 : phi2;
      const bend = slip && eta > 0 ? phi3 + 1 : phi3;

      const terms: Term[] = [[keep, x]];
      taylorWeights(lambdas.slice(0, used), h, phi1, slope, -bend).forEach((weight, i) => {
        terms.push([gain * weight, data ? known[i]!.x0 : epsOf(known[i]!)]);
      });
      const fresh = eta === 0 ? 0 : data ? -Math.expm1(-2 * eta * h) : eta * Math.expm1(2 * h);
      if (fresh > 0 && to.sigma > 0) terms.push([noiseScale * to.sigma * Math.sqrt(fresh), noise()]);
      return { x: combine(...terms), prediction };
    },
  }),
});
