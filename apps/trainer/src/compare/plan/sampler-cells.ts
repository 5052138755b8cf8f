import { fail, isDdpmError } from "@ddpm/core";
import { samplers } from "@ddpm/diffusion";
import { pluginSpec } from "../../config/plugin-spec.ts";
import type { Model } from "../../drawing/open-model.ts";
import { callsOf, partsOf, type SampleSettings } from "../../eval/samples/samples.ts";

/** One sampler at one budget. */
export interface Cell {
  /** As on the command line. */
  readonly sampler: string;
  /** Number of network calls, or of steps. */
  readonly budget: number;
  readonly settings: SampleSettings;
}

/** The samplers and budgets to compare. */
export interface Sweep {
  /** Names with options, or `all`. */
  readonly samplers: readonly string[];
  readonly budgets: readonly number[];
  /** What budgets count. */
  readonly unit: "calls" | "steps";
  readonly base: Omit<SampleSettings, "sampler" | "steps">;
}

/** Samplers that `all` leaves out, and why. */
const NOT_IN_ALL: Readonly<Record<string, string>> = {
  repaint: "it fills in images",
  "dpm-adaptive": "it chooses its own steps; name it to have it, with any budget",
};

/**
 * The cells of a sweep, and those that are impossible: a sampler that is not defined on the schedule, or needs more calls.
 *
 * With budgets in calls a cell has the most steps whose calls fit: counted, not declared, so that second-order samplers
 * and those with a costly start are compared at equal cost.
 *
 * @throws DdpmError for a sampler that does not exist, or where no cell is possible
 */
export async function samplerCells(
  model: Model,
  sweep: Sweep,
): Promise<{ readonly cells: readonly Cell[]; readonly skipped: readonly string[] }> {
  const skipped: string[] = [];
  const cells: Cell[] = [];
  for (const sampler of namesOf(sweep.samplers)) {
    for (const budget of sweep.budgets) {
      const reason = (text: string): void =>
        void skipped.push(`${sampler} at ${budget} ${sweep.unit}: ${text}`);
      const spec = pluginSpec(sampler);
      const parts = await partsOf({ sampler: spec, spacing: sweep.base.spacing });
      try {
        const steps = await stepsWithin(budget, parts, sweep.unit, model);
        if (steps > 0) cells.push({ sampler, budget, settings: { ...sweep.base, sampler: spec, steps } });
        else reason("it needs more");
      } catch (error) {
        if (!isDdpmError(error)) throw error;
        reason(error.message);
      }
    }
  }
  if (cells.length === 0) fail("cli/sampler-cells", `nothing is left to compare: ${skipped.join("; ")}`);
  return { cells, skipped };
}

function namesOf(wanted: readonly string[]): readonly string[] {
  const all = wanted.length === 1 && wanted[0] === "all";
  return all ? samplers.names.filter((name) => !(name in NOT_IN_ALL)) : wanted;
}

/** The most steps within a budget; 0 where even one step exceeds it. */
async function stepsWithin(
  budget: number,
  { sampler, spacing }: Awaited<ReturnType<typeof partsOf>>,
  unit: Sweep["unit"],
  model: Model,
): Promise<number> {
  if (unit === "steps" || sampler.adaptive) {
    spacing.times(budget, model.parts.schedule);
    return budget;
  }
  let steps = Math.floor(budget / (sampler.calls ?? 1)) + 1;
  while (steps > 0 && (await callsOf(sampler, spacing, steps, model)) > budget) steps--;
  return steps;
}
