import { type NoiseSchedule, snr } from "@ddpm/core";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { lint, schedules } from "@ddpm/schedules";
import { Command } from "commander";
import pc from "picocolors";
import { pluginSpec } from "../../config/plugin-spec.ts";
import { makerOf } from "../../config/user-plugins.ts";
import { curvesOf } from "../../drawing/schedule-curves.ts";
import { createReporter } from "../../output/create-reporter.ts";
import type { Reporter } from "../../output/reporter.ts";
import { asUsage } from "../../output/usage.ts";
import type { PictureFlags } from "./picture.ts";

/** `ddpm show schedule`: any number of schedules in one picture. */
export function showSchedule(): Command {
  return new Command("schedule")
    .description("β, ᾱ and log-SNR of any number of schedules, in one picture")
    .argument(
      "<schedules...>",
      "names, with options after a colon: cosine linear:steps=600; or files of your own",
    )
    .option("--out <file.svg>", "the chart to write", "schedules.svg")
    .addHelpText("after", "\nExamples:\n  ddpm show schedule linear cosine sigmoid --out schedules.svg")
    .action(async (names: string[], _flags, command: Command) => {
      const { out, json } = command.optsWithGlobals<PictureFlags>();
      const { scheduleChart } = await import("@ddpm/viz/charts");
      const reporter = createReporter(Boolean(json));
      const made = await asUsage(() =>
        Promise.all(names.map(async (name) => (await makerOf(schedules, pluginSpec(name)))())),
      );
      await writeFileAtomic(out, scheduleChart(made.map((schedule, i) => curvesOf(names[i]!, schedule))));
      for (const [i, schedule] of made.entries()) tellSchedule(reporter, names[i]!, schedule);
      reporter.event({ event: "picture", path: out }, out);
    });
}

function tellSchedule(reporter: Reporter, name: string, schedule: NoiseSchedule): void {
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
