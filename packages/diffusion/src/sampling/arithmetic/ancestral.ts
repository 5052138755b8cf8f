import { fail, type Moment, type NoiseLevel } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import * as z from "zod";

/** Options of samplers that add noise after a step. */
export interface AncestralOptions {
  /** Share of fresh noise, 0 … 1; 1. */
  readonly eta?: number | undefined;
  /** S_noise: what fresh noise is multiplied with; 1. */
  readonly noiseScale?: number | undefined;
}

/** Zod types behind {@link AncestralOptions}. */
export const ancestralShape: { eta: z.ZodDefault<z.ZodNumber>; noiseScale: z.ZodDefault<z.ZodNumber> } = {
  eta: z.number().min(0).max(1).default(1).describe("share of fresh noise, 0 … 1"),
  noiseScale: z.number().min(0).default(1).describe("what fresh noise is multiplied with (S_noise)"),
};

/** A step that goes below its target and comes back up with fresh noise. */
export interface AncestralStep {
  /** Where the deterministic part goes. */
  readonly down: NoiseLevel;
  /** What fresh noise is multiplied with afterwards. */
  readonly up: number;
}

/**
 * Splits a step from one level to a cleaner one so that its noise is partly fresh: in u = sigma / alpha,
 * u_up = min(u_to, η · (u_to / u_from) · √(u_from² − u_to²)) and u_down = √(u_to² − u_up²).
 *
 * Source: Song et al. 2020 (DDIM), eq. 16, in the form of k-diffusion's `get_ancestral_step`.
 *
 * @param eta 0 adds no noise, 1 as much as DDPM with fixed-small variance
 * @throws DdpmError for eta above 0 on a step to a noisier level
 */
export function ancestralStep(from: NoiseLevel, to: NoiseLevel, eta: number): AncestralStep {
  if (eta === 0) return { down: to, up: 0 };
  const fresh = from.sigma ** 2 - ((from.alpha * to.sigma) / to.alpha) ** 2;
  if (!(fresh > -1e-9 * from.sigma ** 2)) fail("diffusion/ancestral", UPWARDS, TAKE_NO_NOISE);
  const up = Math.min(to.sigma, (eta * to.sigma * Math.sqrt(Math.max(fresh, 0))) / from.sigma);
  return { down: { alpha: to.alpha, sigma: Math.sqrt(Math.max(to.sigma ** 2 - up ** 2, 0)) }, up };
}

const UPWARDS = "a step to a noisier level cannot add ancestral noise.";
const TAKE_NO_NOISE = "Take eta = 0, or times that fall.";

/** @throws DdpmError for a step to a noisier level, by a sampler that adds noise */
export function checkFalling(where: ErrorPlace, from: Moment, to: Moment): void {
  if (!(from.t > to.t)) fail(where, UPWARDS, TAKE_NO_NOISE);
}
