import { fail, isDdpmError } from "@ddpm/core";
import { samplers } from "@ddpm/diffusion";
import { pluginSpec } from "../config/plugin-spec.ts";
import type { AnySpec } from "../config/user-plugins.ts";
import { callsOf, type Judged, partsOf, type SampleSettings } from "../eval/sampled.ts";

/** One sampler at one number of steps. */
export interface Cell {
  /** As it was asked for. */
  readonly sampler: string;
  /** The number of network calls, or of steps, that was asked for. */
  readonly asked: number;
  readonly settings: SampleSettings;
}

/** What is asked of one network. */
export interface Sweep {
  /** Names with options, or `all`. */
  readonly samplers: readonly string[];
  /** How far each walks: in network calls, or in steps. */
  readonly budgets: readonly number[];
  readonly unit: "calls" | "steps";
  readonly base: Omit<SampleSettings, "sampler" | "steps">;
}

/** Samplers that `all` leaves out, and why. */
const NOT_BY_CALLS: Readonly<Record<string, string>> = {
  repaint: "it fills in images",
  "dpm-adaptive": "it chooses its own steps; name it to have it, with any budget",
};

/**
 * The cells of a sweep, and those that cannot be: a sampler that is not defined on the schedule, or takes more calls.
 *
 * With budgets in calls a cell has the most steps whose calls fit: counted, not declared, so that second-order samplers
 * and those with a costly start are compared at equal cost.
 *
 * @throws DdpmError for a sampler that does not exist
 */
export async function cellsOf(
  { model }: Judged,
  sweep: Sweep,
): Promise<{ readonly cells: readonly Cell[]; readonly left: readonly string[] }> {
  const left: string[] = [];
  const cells: Cell[] = [];
  const all = sweep.samplers.length === 1 && sweep.samplers[0] === "all";
  const wanted = all ? samplers.names.filter((name) => !(name in NOT_BY_CALLS)) : sweep.samplers;
  for (const text of wanted) {
    const spec: AnySpec = pluginSpec(text);
    const parts = await partsOf({ sampler: spec, spacing: sweep.base.spacing });
    for (const asked of sweep.budgets) {
      const cell = (steps: number): Cell => ({
        sampler: text,
        asked,
        settings: { ...sweep.base, sampler: spec, steps },
      });
      try {
        if (sweep.unit === "steps" || parts.sampler.adaptive) {
          parts.spacing.times(asked, model.parts.schedule);
          cells.push(cell(asked));
          continue;
        }
        const per = parts.sampler.calls ?? 1;
        let steps = Math.floor(asked / per) + 1;
        while (steps > 0 && (await callsOf(parts.sampler, parts.spacing, steps, model)) > asked) steps--;
        if (steps > 0) cells.push(cell(steps));
        else left.push(`${text} at ${asked} calls: it takes more`);
      } catch (error) {
        if (!isDdpmError(error)) throw error;
        left.push(`${text} at ${asked} ${sweep.unit}: ${error.message}`);
      }
    }
  }
  if (cells.length === 0) fail("compare", `nothing is left to compare: ${left.join("; ")}`);
  return { cells, left };
}
