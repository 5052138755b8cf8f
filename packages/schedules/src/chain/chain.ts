import { fail, type NoiseSchedule } from "@ddpm/core";

/** Everything Ho et al. 2020 derive from the betas of a chain: [T] numbers each, by step i = 0 … T − 1. */
export interface Chain {
  readonly steps: number;
  readonly betas: Float64Array;
  /** α = 1 − β. */
  readonly alphas: Float64Array;
  /** ᾱ = Π α. */
  readonly abar: Float64Array;
  /** ᾱ of the step before; 1 at step 0. */
  readonly abarPrev: Float64Array;
  /** β̃ = β (1 − ᾱ_prev) / (1 − ᾱ), "fixed small" (eq. 7); 0 at step 0. */
  readonly posteriorVariance: Float64Array;
  /** β, "fixed large" (section 3.2); its first entry is β̃ of step 1, so that its logarithm fits the rest. */
  readonly largeVariance: Float64Array;
  /** c1 = β √ᾱ_prev / (1 − ᾱ): the coefficient of x_0 in the posterior mean (eq. 7). */
  readonly x0Coefficient: Float64Array;
  /** c2 = √α (1 − ᾱ_prev) / (1 − ᾱ): the coefficient of x_t in the posterior mean (eq. 7). */
  readonly xtCoefficient: Float64Array;
}

/**
 * The discrete facts of a schedule that has betas.
 *
 * @throws DdpmError for a schedule without steps
 */
export function chainOf(schedule: NoiseSchedule): Chain {
  const betas =
    schedule.betas ??
    fail("schedules/chain", `schedule ${schedule.name} has no steps.`, "Take a table of betas, e.g. cosine.");
  const steps = betas.length;
  const table = (value: (i: number) => number) => Float64Array.from({ length: steps }, (_, i) => value(i));

  const alphas = table((i) => 1 - betas[i]!);
  const abar = new Float64Array(steps);
  const abarPrev = new Float64Array(steps);
  for (let i = 0; i < steps; i++) {
    abarPrev[i] = i === 0 ? 1 : abar[i - 1]!;
    abar[i] = abarPrev[i]! * alphas[i]!;
  }
  const posteriorVariance = table((i) => (betas[i]! * (1 - abarPrev[i]!)) / (1 - abar[i]!));
  return {
    steps,
    betas,
    alphas,
    abar,
    abarPrev,
    posteriorVariance,
    largeVariance: table((i) => (i === 0 && steps > 1 ? posteriorVariance[1]! : betas[i]!)),
    x0Coefficient: table((i) => (betas[i]! * Math.sqrt(abarPrev[i]!)) / (1 - abar[i]!)),
    xtCoefficient: table((i) => (Math.sqrt(alphas[i]!) * (1 - abarPrev[i]!)) / (1 - abar[i]!)),
  };
}

/**
 * How ln β̃ is kept finite at step 0, where β̃ = 0: `next` takes β̃ of step 1 (improved-diffusion,
 * gaussian_diffusion.py), `floor` takes 1e-20 (Ho's diffusion_utils.py, denoising-diffusion-pytorch).
 */
export type LogVarianceClip = "next" | "floor";

/**
 * ln β̃ of every step, [T], clipped at step 0.
 *
 * @throws DdpmError for `next` on a chain of one step, which has no next
 */
export function posteriorLogVariance(
  { steps, posteriorVariance }: Chain,
  clip: LogVarianceClip,
): Float64Array {
  if (clip === "floor") return posteriorVariance.map((variance) => Math.log(Math.max(variance, 1e-20)));
  if (steps < 2)
    fail("schedules/chain", "a chain of one step has no next variance.", 'Take the clip "floor".');
  return posteriorVariance.map((variance, i) => Math.log(i === 0 ? posteriorVariance[1]! : variance));
}
