import { type NoiseSchedule, snr } from "@ddpm/core";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { lint, schedules } from "@ddpm/schedules";
import pc from "picocolors";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";
import { curvesOf } from "../drawing/schedule-curves.ts";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import type { PictureFlags } from "./picture.ts";

/** Draws the curves of schedules in one chart, and says how each ends. */
export async function drawSchedules(names: readonly string[], { out, json }: PictureFlags): Promise<void> {
  const { scheduleChart } = await import("@ddpm/viz/charts");
  const reporter = createReporter(Boolean(json));
  const made = await asUsage(() =>
    Promise.all(names.map(async (name) => (await makerOf(schedules, pluginSpec(name)))())),
  );
  await writeFileAtomic(out, scheduleChart(made.map((schedule, i) => curvesOf(names[i]!, schedule))));
  for (const [i, schedule] of made.entries()) reportSchedule(reporter, names[i]!, schedule);
  reporter.event({ event: "picture", path: out }, out);
}

function reportSchedule(reporter: Reporter, name: string, schedule: NoiseSchedule): void {
  const { alpha, sigma } = schedule.at(1);
  const warnings = lint(schedule);
  reporter.event(
    { event: "schedule", name, alpha, sigma, snr: snr({ alpha, sigma }), warnings },
    [
      `${pc.cyan(name)}  at t = 1: signal ${alpha.toPrecision(3)}, noise ${sigma.toPrecision(3)}, SNR ${snr({ alpha, sigma }).toPrecision(3)}`,
      ...warnings.map(({ what, why, do: remedy }) => `  ${pc.yellow("warning")} ${what} ${why} ${remedy}`),
    ].join("\n"),
  );
}
