import { type Moment, timeAtHalfLogSnr } from "@ddpm/core";
import { noSignal, type StepInput } from "@ddpm/core/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as z from "zod";
import { combine } from "./combine.ts";

/** Options of samplers that add noise before a step. */
export interface ChurnOptions {
  /** S_churn: how much noise the whole trajectory adds; 0. */
  readonly churn?: number | undefined;
  /** S_tmin: lowest sigma / alpha at which noise is added; 0. */
  readonly churnMin?: number | undefined;
  /** S_tmax: highest sigma / alpha at which noise is added; ∞. */
  readonly churnMax?: number | undefined;
  /** S_noise: what the added noise is multiplied with; 1. */
  readonly noiseScale?: number | undefined;
}

/** Zod types behind {@link ChurnOptions}. */
export const churnShape: {
  churn: z.ZodDefault<z.ZodNumber>;
  churnMin: z.ZodDefault<z.ZodNumber>;
  churnMax: z.ZodOptional<z.ZodNumber>;
  noiseScale: z.ZodDefault<z.ZodNumber>;
} = {
  churn: z.number().min(0).default(0).describe("how much noise the whole trajectory adds (S_churn)"),
  churnMin: z.number().min(0).default(0).describe("lowest sigma / alpha at which noise is added"),
  churnMax: z.number().positive().optional().describe("highest sigma / alpha at which noise is added"),
  noiseScale: z.number().min(0).default(1).describe("what the added noise is multiplied with (S_noise)"),
};

/**
 * Raises the noise before a step: with u = sigma / alpha and γ = min(S_churn / steps, √2 − 1) to û = u (1 + γ), but not
 * beyond the schedule's own end, where the network was not trained: algorithm 2 has no such bound. Where no signal is
 * left u is infinite, and no noise is added.
 *
 * Source: Karras et al. 2022, algorithm 2, lines 4–6.
 *
 * @returns the samples [B, …, C] and the moment that they are at now
 */
export function churned(
  { x, from, schedule, noise, count }: StepInput,
  { churn = 0, churnMin = 0, churnMax = Number.POSITIVE_INFINITY, noiseScale = 1 }: ChurnOptions,
): { readonly x: Tensor; readonly from: Moment } {
  if (noSignal(from)) return { x, from };
  const u = from.sigma / from.alpha;
  const gamma = churnMin <= u && u <= churnMax ? Math.min(churn / count, Math.SQRT2 - 1) : 0;
  if (gamma === 0) return { x, from };
  const end = schedule.at(1);
  const raised = Math.min(u * (1 + gamma), end.sigma / end.alpha);
  const t = timeAtHalfLogSnr(schedule, -Math.log(raised));
  const { alpha, sigma } = schedule.at(t);
  if (noSignal({ alpha, sigma })) return { x, from };
  const added = alpha * noiseScale * Math.sqrt(raised ** 2 - u ** 2);
  const noisy = combine([alpha / from.alpha, x], [added, noise()]);
  return { x: noisy, from: { t, alpha, sigma: raised * alpha } };
}
