import { join } from "node:path";
import { fail } from "@ddpm/core";
import { isRun } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import type { Reporter } from "../../output/reporter.ts";
import { sweepCurves } from "../result/curves.ts";
import type { CompareFlags } from "./flags.ts";
import { openDrawing } from "./open-drawing.ts";
import type { Plan } from "./plan.ts";
import { type Sweep, samplerCells } from "./sampler-cells.ts";

/** Network calls where neither --calls nor --steps is given. */
const CALLS = [5, 10, 20, 50];

/**
 * Compares samplers of one trained network.
 *
 * @throws DdpmError for a run or sampler that does not exist, or options that contradict each other
 */
export async function samplerPlan(run: string, flags: CompareFlags, reporter: Reporter): Promise<Plan> {
  const { vary, calls, steps, samplers = [] } = flags;
  if (vary) fail("cli/sampler-plan", "--vary trains, --samplers takes what is trained: give one of them.");
  if (calls && steps) fail("cli/sampler-plan", "--steps and --calls exclude each other: give one of them.");
  if (!(await isRun(fsStorage(run))))
    fail("cli/sampler-plan", `${run} is not a run: it has no config.json.`, "Train one first.");
  const drawing = await openDrawing(run, flags, reporter);
  const { model } = drawing;
  const unit = steps ? "steps" : "calls";
  const { sampler: _, steps: __, ...base } = drawing.settings;
  const sweep: Sweep = { samplers, unit, budgets: steps ?? calls ?? CALLS, base };
  const { cells, skipped } = await samplerCells(model, sweep);
  const title = `${model.config.name}: samplers by ${unit === "calls" ? "network calls" : "steps"}`;
  return {
    ...{ title, out: flags.out ?? join(run, "compare"), unit, skipped, facts: [] },
    settings: cells.map(({ sampler, budget, settings }) => ({
      name: sampler,
      group: String(budget),
      missing: async () => undefined,
      open: (use) => use({ ...drawing, settings }),
    })),
    curves: (results) => sweepCurves(results, title),
    close: () => model.close(),
  };
}
