import { fail, type NoiseSchedule } from "@ddpm/core";
import { betasOfTable } from "./abar-betas.ts";
import { type BetaTable, betaTable } from "./beta-table.ts";
import { chainOf } from "./chain.ts";

/**
 * The chain that visits only these steps of another: its betas are 1 − ᾱ_s / ᾱ of the step kept before.
 *
 * Samplers need no respaced chain, they take any times of the full one; this is for comparing with code that does.
 *
 * Source: improved-diffusion respace.py, `SpacedDiffusion`.
 *
 * @param kept rising steps i ∈ 0 … T − 1
 * @throws DdpmError for a schedule without steps, or steps that do not rise
 */
export function respace(schedule: NoiseSchedule, kept: readonly number[]): BetaTable {
  const { abar, steps } = chainOf(schedule);
  kept.forEach((step, i) => {
    const rises = Number.isInteger(step) && step < steps && step > (i === 0 ? -1 : kept[i - 1]!);
    if (!rises)
      fail("schedules/respace", `step ${step} at place ${i}, expected rising steps below ${steps}.`);
  });
  return betaTable(schedule.name, betasOfTable(kept.map((step) => abar[step]!)));
}
