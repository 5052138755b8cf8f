import { halfLogSnr, type Plugin, type Sampler } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { checkFalling } from "../../arithmetic/ancestral.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep, withSignal } from "../../arithmetic/edge-step.ts";
import { phis } from "../../arithmetic/exponential.ts";
import { epsOf, moveTo, predict } from "../../prediction.ts";

/** Options of {@link dpmSinglestep}. */
export interface DpmSinglestepOptions {
  /** Calls of one whole step, 1 … 3; 2. */
  readonly order?: number | undefined;
  /** What is taken as a polynomial in λ: the clean image (DPM-Solver++) or the noise (DPM-Solver); "x0". */
  readonly predict?: "x0" | "eps" | undefined;
  /** How slopes are weighed; "midpoint". */
  readonly solver?: "midpoint" | "heun" | undefined;
  /** Share of fresh noise: 0 the ODE, 1 the reverse SDE; 0. */
  readonly eta?: number | undefined;
  /** Lower the order at the end so that any number of times fits; true. */
  readonly lowerFinal?: boolean | undefined;
  /** Third-order SDE steps with the sign slip of diffusers' DPMSolverSinglestepScheduler; false. */
  readonly slip?: boolean | undefined;
}

/**
 * DPM-Solver and DPM-Solver++ in single-step form on given times: a whole step of order k spans k of them, and each one in
 * between is a lower-order step from the same start. Into sigma = 0 and out of alpha = 0 x̂_0 is held constant.
 *
 * Source: Lu et al. 2022, "DPM-Solver++", algorithms 1 and 2S, and "DPM-Solver", algorithms 1 and 2; diffusers
 * DPMSolverSinglestepScheduler.
 */
export const dpmSinglestep: Plugin<DpmSinglestepOptions, Sampler> = plugin({
  name: "dpm-singlestep",
  about: "DPM-Solver(++) in whole steps that span one to three times: one call a time.",
  source: "Lu et al. 2022 (DPM-Solver and DPM-Solver++), algorithms 1 and 2",
  options: {
    order: z.number().int().min(1).max(3).default(2).describe("calls of one whole step"),
    predict: z
      .enum(["x0", "eps"])
      .default("x0")
      .describe("polynomial through clean images, or through noise"),
    solver: z.enum(["midpoint", "heun"]).default("midpoint").describe("how slopes are weighed"),
    eta: z.number().min(0).max(1).default(0).describe("share of fresh noise, 0 … 1"),
    lowerFinal: z.boolean().default(true).describe("lower the order at the end so that any count fits"),
    slip: z.boolean().default(false).describe("third-order SDE steps with the sign slip of diffusers"),
  },
  create: ({ order, predict: kind, solver, eta, lowerFinal, slip }) => ({
    name: "dpm-singlestep",
    order: eta > 0 ? 0 : lowerFinal ? Math.min(order, 2) : order,
    memory: order - 1,
    step({ x, from, to, denoise, noise, history, index, count }) {
      const prediction = predict(x, from, denoise);
      if (eta > 0) checkFalling("diffusion/dpm-singlestep", from, to);
      const edge = edgeStep(from, to);
      if (edge && to.t > from.t) return { x: moveTo(prediction, to), prediction };
      const known = edge ? [prediction] : [prediction, ...withSignal(history)];
      const stage = Math.min(stageOf(order, index, count, lowerFinal), known.length);
      const base = known[stage - 1]!;
      const start = halfLogSnr(base.at);
      const h = edge ? Number.POSITIVE_INFINITY : halfLogSnr(to) - start;
      const data = kind === "x0" || edge;
      const guesses = known.slice(0, stage).reverse();
      const places = guesses.map(({ at }) => (halfLogSnr(at) - start) / h);

      const [phi1, phi2, phi3] = phis(data ? (1 + eta) * h : -h);
      const keep = data
        ? (to.sigma / base.at.sigma) * (eta > 0 ? Math.exp(-eta * h) : 1)
        : to.alpha / base.at.alpha;
      const gain = data ? to.alpha : (1 + eta) * to.sigma;
      const slope = stage === 2 && solver === "midpoint" ? phi1 / 2 : phi2;
      const bend = solver === "midpoint" ? 0 : slip && eta > 0 ? phi3 + 1 : phi3;
      const weights = stageWeights(places, phi1, slope, bend, solver);

      const terms: Term[] = [[keep, base.x]];
      weights.forEach((weight, i) => {
        terms.push([gain * weight, data ? guesses[i]!.x0 : epsOf(guesses[i]!)]);
      });
      const fresh = eta === 0 ? 0 : data ? -Math.expm1(-2 * eta * h) : eta * Math.expm1(2 * h);
      if (fresh > 0 && to.sigma > 0) terms.push([to.sigma * Math.sqrt(fresh), noise()]);
      return { x: combine(...terms), prediction };
    },
  }),
});

/** 1, 2, …, order, over and over; with lowerFinal low enough at the end to come out even. */
function stageOf(order: number, index: number, count: number, lowerFinal: boolean): number {
  const cycle = (index % order) + 1;
  const tail = count % order || order;
  const place = index - (count - tail);
  if (!lowerFinal || place < 0 || order === 1) return cycle;
  return place === order - 1 ? 1 : Math.min(place + 1, order - 1);
}

/**
 * What guesses count, oldest first, from finite differences with the first of them.
 *
 * @param places where in the step, 0 … 1
 */
function stageWeights(
  [, r1, r0]: readonly number[],
  value: number,
  slope: number,
  bend: number,
  solver: "midpoint" | "heun",
): readonly number[] {
  if (r1 === undefined) return [value];
  if (r0 === undefined) return [value - slope / r1, slope / r1];
  // Slopes towards the second and the third guess, and what each counts.
  const near = solver === "midpoint" ? 0 : (slope * r0 + 2 * bend) / (r0 - r1);
  const far = solver === "midpoint" ? slope : -(slope * r1 + 2 * bend) / (r0 - r1);
  return [value - near / r1 - far / r0, near / r1, far / r0];
}
