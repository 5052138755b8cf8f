import { readLog } from "@ddpm/runs";
import { fsStorage } from "@ddpm/runs/node";
import type { Series } from "@ddpm/viz/authoring";
import type { Result } from "./result.ts";

/** The first two metrics against network calls, a curve per sampler. */
export async function sweepCurves(results: readonly Result[], title: string): Promise<string> {
  const { lineCharts } = await import("@ddpm/viz/charts");
  const names = [...new Set(results.map(({ name }) => name))];
  const shown = results[0]!.estimates.slice(0, 2).map((_, metric) => metric);
  const panels = shown.reverse().map((metric) => {
    const all = results.map(({ estimates }) => estimates[metric]!);
    const log = all.every(({ value }) => value > 0);
    const series = names.map((name): Series => {
      const own = results.filter((one) => one.name === name).sort((a, b) => a.calls - b.calls);
      return {
        name,
        x: own.map(({ calls }) => calls),
        y: own.map(({ estimates }) => estimates[metric]!.value),
      };
    });
    const y = { name: all[0]!.label, log };
    return { x: { name: "network calls per image", log: true }, y, series };
  });
  const note = `${results[0]!.contributions.length} samples each, from the same noise`;
  return lineCharts(panels, { title, note, width: 1040, height: 560 });
}

/** Losses of the trainings, held-out where they are measured; losses of different targets do not compare. */
export async function trainingCurves(
  runs: readonly { readonly name: string; readonly path: string }[],
  title: string,
): Promise<string | undefined> {
  const { lineChart, smooth } = await import("@ddpm/viz/charts");
  const series: Series[] = [];
  for (const { name, path } of runs) {
    const rows = await readLog(fsStorage(path));
    const field = rows.some((row) => "heldOutLoss" in row) ? "heldOutLoss" : "loss";
    const known = rows.filter((row) => Number.isFinite(row[field]));
    if (known.length === 0) continue;
    const y = known.map((row) => row[field] as number);
    series.push({ name, x: known.map(({ images }) => images), y: field === "loss" ? smooth(y, 0.8) : y });
  }
  if (series.length === 0) return undefined;
  const note = "losses of different targets, weights and losses do not compare";
  return lineChart({ x: { name: "images seen" }, y: { name: "loss" }, series, title, note });
}
